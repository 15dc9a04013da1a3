#include "engine/benchmark/parallel.h"

#include <ATen/Parallel.h>

#include <thread>
#include <utility>

namespace kiln {

std::function<void()> in_parallel(std::vector<std::function<void()>> parts) {
  return [parts = std::move(parts)] {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      threads.emplace_back([&part = parts[i]] {
        at::set_num_threads(1);
        part();
      });
    }
    parts.front()();
  };
}

}  // namespace kiln
