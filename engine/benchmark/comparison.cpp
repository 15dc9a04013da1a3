#include "engine/benchmark/comparison.h"

#include <utility>

namespace kiln {

std::size_t Comparison::add(std::function<void()> run, std::function<void()> before) {
  variants_.push_back({std::move(run), std::move(before), {}});
  return variants_.size() - 1;
}

bool Comparison::take(int turn) {
  using Clock = std::chrono::steady_clock;
  if (turn == 0) begin_ = Clock::now();
  Variant& variant = variants_[static_cast<std::size_t>(turn) % variants_.size()];
  if (variant.before) variant.before();
  const auto start = Clock::now();
  variant.run();
  const std::chrono::duration<double, std::milli> taken = Clock::now() - start;
  if (turn >= static_cast<int>(variants_.size())) variant.ms.push_back(taken.count());
  const int done = turn + 1, a_round = static_cast<int>(variants_.size());
  const bool late = Clock::now() - begin_ > std::chrono::duration<double>(seconds_);
  return done < turns() && !(late && done % a_round == 0 && done > a_round);
}

}  // namespace kiln
