#pragma once

#include <functional>
#include <optional>

namespace kiln {

// Repeats `work` for some seconds and asks NVIDIA's driver meanwhile in what share of the time, 0 … 1, the first GPU computed
// something (NVML's utilisation). Nothing where there is no such driver.
std::optional<double> gpu_busy_share(const std::function<void()>& work);

}  // namespace kiln
