#include "engine/benchmark/gpu_load.h"

#include <dlfcn.h>

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

namespace kiln {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kWarmUp = 1500ms;  // NVML looks back by up to a second
constexpr auto kMeasured = 3000ms;
constexpr auto kPause = 100ms;

// The few calls of libnvidia-ml that are needed, as its documentation has them. It comes with the driver.
class Nvml {
 public:
  Nvml() : library_(dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL), [](void* handle) { return handle ? dlclose(handle) : 0; }) {
    if (!library_) return;
    const auto init = function<int()>("nvmlInit_v2");
    const auto handle = function<int(unsigned, void**)>("nvmlDeviceGetHandleByIndex_v2");
    rates_ = function<int(void*, Rates*)>("nvmlDeviceGetUtilizationRates");
    if (!init || !handle || !rates_ || init() != 0) return;
    if (handle(0, &device_) != 0) device_ = nullptr;
  }

  std::optional<double> busy_percent() const {
    Rates rates;
    if (!device_ || rates_(device_, &rates) != 0) return {};
    return rates.gpu;
  }

 private:
  struct Rates {
    unsigned gpu = 0, memory = 0;
  };

  template <class Signature>
  Signature* function(const char* name) const {
    return reinterpret_cast<Signature*>(dlsym(library_.get(), name));
  }

  std::unique_ptr<void, int (*)(void*)> library_;
  int (*rates_)(void*, Rates*) = nullptr;
  void* device_ = nullptr;
};

}  // namespace

std::optional<double> gpu_busy_share(const std::function<void()>& work) {
  const Nvml nvml;
  if (!nvml.busy_percent()) return {};
  std::vector<double> percents;
  const auto begin = Clock::now();
  std::jthread watch([&](const std::stop_token& stop) {
    std::this_thread::sleep_for(kWarmUp);
    while (!stop.stop_requested()) {
      if (const auto now = nvml.busy_percent()) percents.push_back(*now);
      std::this_thread::sleep_for(kPause);
    }
  });
  while (Clock::now() - begin < kWarmUp + kMeasured) work();
  watch = {};  // waits for it
  double sum = 0;
  for (const double percent : percents) sum += percent;
  return percents.empty() ? std::nullopt : std::optional(sum / static_cast<double>(percents.size()) / 100);
}

}  // namespace kiln
