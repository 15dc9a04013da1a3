#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "engine/benchmark/spread.h"

namespace kiln {

// Measures several ways to do something in turns, A B C A B C …, so that whatever else the machine does hits all of them alike. The
// first round only warms up. On a busy machine it ends early: once `seconds` have passed, after a round that counts.
class Comparison {
 public:
  explicit Comparison(int rounds, double seconds = 1e9) : rounds_(rounds), seconds_(seconds) {}

  // Returns the variant's place. `run` is measured as it is called, `before` is not.
  std::size_t add(std::function<void()> run, std::function<void()> before = {});

  int turns() const { return (rounds_ + 1) * static_cast<int>(variants_.size()); }
  // One variant's turn; 0 … turns() - 1, in order. False when that was the last one.
  bool take(int turn);

  // Milliseconds of one call.
  Spread ms(std::size_t variant) const { return spread_of(variants_[variant].ms); }

 private:
  struct Variant {
    std::function<void()> run, before;
    std::vector<double> ms;
  };

  int rounds_;
  double seconds_;
  std::chrono::steady_clock::time_point begin_;
  std::vector<Variant> variants_;
};

}  // namespace kiln
