#include "engine/session/bench/contest.h"

#include <chrono>
#include <utility>

namespace kiln {

std::size_t Contest::enter(std::function<void()> run, std::function<void()> before) {
  entrants_.push_back({std::move(run), std::move(before), {}});
  return entrants_.size() - 1;
}

void Contest::take(int turn) {
  Entrant& entrant = entrants_[static_cast<std::size_t>(turn) % entrants_.size()];
  if (entrant.before) entrant.before();
  const auto start = std::chrono::steady_clock::now();
  entrant.run();
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
  if (turn >= static_cast<int>(entrants_.size())) entrant.ms.push_back(taken.count());
}

}  // namespace kiln
