#include "engine/session/bench/contest.h"

#include <utility>

namespace kiln {

std::size_t Contest::enter(std::function<void()> run, std::function<void()> before) {
  entrants_.push_back({std::move(run), std::move(before), {}});
  return entrants_.size() - 1;
}

bool Contest::take(int turn) {
  using Clock = std::chrono::steady_clock;
  if (turn == 0) begin_ = Clock::now();
  Entrant& entrant = entrants_[static_cast<std::size_t>(turn) % entrants_.size()];
  if (entrant.before) entrant.before();
  const auto start = Clock::now();
  entrant.run();
  const std::chrono::duration<double, std::milli> taken = Clock::now() - start;
  if (turn >= static_cast<int>(entrants_.size())) entrant.ms.push_back(taken.count());
  const int done = turn + 1, a_round = static_cast<int>(entrants_.size());
  const bool late = Clock::now() - begin_ > std::chrono::duration<double>(seconds_);
  return done < turns() && !(late && done % a_round == 0 && done > a_round);
}

}  // namespace kiln
