#pragma once

#include <exception>
#include <future>
#include <thread>
#include <utility>

namespace kiln {

// Begins `work` on a thread of its own, whose result `newest` gets. What `newest` held before is not wanted any more, and is not
// waited for: unlike the end of std::async, which would hold up the window until then. `work` must own all that it uses.
template <class Result, class Work>
void begin_newest(std::future<Result>& newest, Work work) {
  std::promise<Result> promise;
  newest = promise.get_future();
  std::thread([promise = std::move(promise), work = std::move(work)]() mutable {
    try {
      promise.set_value(work());
    } catch (...) {
      promise.set_exception(std::current_exception());
    }
  }).detach();
}

}  // namespace kiln
