#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace kiln {

// How many sprites a step looks at, and how many it compares with all that may be near them: a few milliseconds of either.
constexpr std::size_t kSpritesAStep = 64, kComparedAStep = 4;

// Passes over many things, a few things a step. A pass is counted when it begins, as earlier ones may leave fewer things.
class SteppedWork {
 public:
  void add_pass(std::function<std::size_t()> count, std::size_t per_step, std::function<void(std::size_t)> each) {
    passes_.push_back({std::move(count), per_step, std::move(each)});
  }
  void add_task(std::function<void()> task) {
    add_pass([] { return std::size_t{1}; }, 1, [task = std::move(task)](std::size_t) { task(); });
  }

  // False when nothing is left.
  bool step() {
    if (pass_ == passes_.size()) return false;
    Pass& pass = passes_[pass_];
    if (next_ == 0) count_ = pass.count();
    for (const std::size_t until = std::min(next_ + pass.per_step, count_); next_ < until; ++next_) pass.each(next_);
    if (next_ >= count_) {
      ++pass_;
      next_ = 0;
    }
    return pass_ < passes_.size();
  }

  // Passes done, and all, in hundredths.
  std::int64_t done() const {
    return static_cast<std::int64_t>(pass_ * 100 + (next_ == 0 || count_ == 0 ? 0 : next_ * 100 / count_));
  }
  std::int64_t total() const { return static_cast<std::int64_t>(passes_.size() * 100); }

 private:
  struct Pass {
    std::function<std::size_t()> count;
    std::size_t per_step;
    std::function<void(std::size_t)> each;
  };
  std::vector<Pass> passes_;
  std::size_t pass_ = 0, next_ = 0, count_ = 0;
};

}  // namespace kiln
