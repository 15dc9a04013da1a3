#pragma once

#include <optional>

#include "engine/api/event.h"

namespace kiln {

// Told when LibTorch multiplies matrices with the reference BLAS, which is about 30 times slower than a tuned one.
std::optional<Note> slow_blas_warning();

}  // namespace kiln
