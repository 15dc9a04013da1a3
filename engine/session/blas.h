#pragma once

#include <optional>

#include "engine/api/event.h"

// The library that multiplies matrices for LibTorch.
namespace kiln {

// Told when LibTorch multiplies matrices with the reference BLAS, which is about 30 times slower than a tuned one.
std::optional<Note> slow_blas_warning();

// How many threads one of LibTorch's operators takes when this thread calls it, and one of OpenBLAS's products whoever calls it:
// at::set_num_threads does not reach those, and their helpers wait for work by spinning, at the cost of threads that have some.
void set_libtorch_threads(int count);

}  // namespace kiln
