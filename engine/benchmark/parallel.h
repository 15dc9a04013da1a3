#pragma once

#include <functional>
#include <vector>

namespace kiln {

// One function that calls all of them at once, each on a thread of its own with one compute thread, and returns after the last.
std::function<void()> in_parallel(std::vector<std::function<void()>> parts);

// How `count` is shared by `shares`, as evenly as it goes; the first get no more than the last.
inline int share_of(int count, int index, int shares) { return count * (index + 1) / shares - count * index / shares; }

}  // namespace kiln
