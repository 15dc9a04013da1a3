#pragma once

#include <chrono>
#include <cstdint>
#include <deque>

#include "engine/api/frame.h"

namespace kiln {

// Steps per second over the last seconds of work, and the time left at that rate. Pauses do not count: call restart() after one.
class Rate {
 public:
  void restart() { marks_.clear(); }

  Progress progress(JobId job, std::int64_t step, std::int64_t total) {
    const auto now = std::chrono::steady_clock::now();
    marks_.push_back({now, step});
    while (marks_.size() > 2 && now - marks_.front().at > kWindow) marks_.pop_front();
    Progress progress{job, step, total, 0, -1};
    const double seconds = std::chrono::duration<double>(now - marks_.front().at).count();
    const auto steps = static_cast<double>(step - marks_.front().step);
    if (seconds > 0 && steps > 0) {
      progress.steps_per_s = steps / seconds;
      progress.left_s = static_cast<double>(total - step) / progress.steps_per_s;
    }
    return progress;
  }

 private:
  static constexpr std::chrono::seconds kWindow{20};
  struct Mark {
    std::chrono::steady_clock::time_point at;
    std::int64_t step;
  };
  std::deque<Mark> marks_;
};

}  // namespace kiln
