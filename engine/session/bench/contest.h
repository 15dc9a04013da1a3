#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "engine/session/bench/spread.h"

namespace kiln {

// Measures several ways to do something in turns, A B C A B C …, so that whatever else the machine does hits all of them alike. The
// first round only warms up. On a busy machine it ends early: once `seconds` have passed, after a round that counts.
class Contest {
 public:
  explicit Contest(int rounds, double seconds = 1e9) : rounds_(rounds), seconds_(seconds) {}

  // Returns the entrant's place. `run` is measured as it is called, `before` is not.
  std::size_t enter(std::function<void()> run, std::function<void()> before = {});

  int turns() const { return (rounds_ + 1) * static_cast<int>(entrants_.size()); }
  // One entrant's turn; 0 … turns() - 1, in order. False when that was the last one.
  bool take(int turn);

  // Milliseconds of one call.
  Spread ms(std::size_t entrant) const { return spread_of(entrants_[entrant].ms); }

 private:
  struct Entrant {
    std::function<void()> run, before;
    std::vector<double> ms;
  };

  int rounds_;
  double seconds_;
  std::chrono::steady_clock::time_point begin_;
  std::vector<Entrant> entrants_;
};

}  // namespace kiln
