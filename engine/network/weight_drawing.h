#pragma once

#include <mutex>

namespace kiln {

// A new network draws its weights from LibTorch's generator, and the whole process has only that one: whoever makes a network holds
// this meanwhile, so that a seed given before it decides all of its weights.
std::unique_lock<std::recursive_mutex> lock_weight_drawing();

}  // namespace kiln
