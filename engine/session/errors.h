#pragma once

#include <exception>

#include "engine/base/error.h"

namespace kiln {

// The one place where whatever was thrown becomes an Error with a message and a hint. Call it inside a catch block.
Error current_error();

}  // namespace kiln
