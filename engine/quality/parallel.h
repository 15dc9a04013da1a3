#pragma once

#include <functional>

namespace kiln {

// Calls work(0) … work(count - 1) on the caller's thread and up to `threads` - 1 more, each of these with one compute thread of
// LibTorch's; returns when all are done. Throws what a call throws. Results must not depend on the order.
void in_parallel(int count, int threads, const std::function<void(int)>& work);

}  // namespace kiln
