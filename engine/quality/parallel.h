#pragma once

#include <functional>

namespace kiln {

// Calls work(0) … work(count - 1) on up to `threads` threads, one compute thread of LibTorch's each; returns when all are done.
// Throws what a call throws. Results must not depend on the order.
void in_parallel(int count, int threads, const std::function<void(int)>& work);

}  // namespace kiln
