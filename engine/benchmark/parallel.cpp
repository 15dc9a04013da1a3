#include "engine/benchmark/parallel.h"

#include <ATen/Parallel.h>

#include <exception>
#include <thread>
#include <utility>

namespace kiln {

std::function<void()> in_parallel(std::vector<std::function<void()>> parts) {
  return [parts = std::move(parts)] {
    std::vector<std::exception_ptr> failures(parts.size());
    const auto guarded = [&](std::size_t i) {
      try {
        parts[i]();
      } catch (...) {
        failures[i] = std::current_exception();
      }
    };
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      threads.emplace_back([&guarded, i] {
        at::set_num_threads(1);
        guarded(i);
      });
    }
    guarded(0);
    threads.clear();  // waits for them
    for (const auto& failure : failures) {
      if (failure) std::rethrow_exception(failure);
    }
  };
}

}  // namespace kiln
