#pragma once

#include <deque>

namespace kiln {

struct FrameStats {
  double median = 0, p99 = 0, max = 0;  // ms
};

// How long the frames of the last ten seconds took.
class FrameTimes {
 public:
  static constexpr double kSpan_s = 10;

  // `at_s`: when the frame ended, on any clock that only goes forward.
  void add(double at_s, double took_ms);
  FrameStats stats() const;

 private:
  struct Sample {
    double at_s, took_ms;
  };
  std::deque<Sample> samples_;
};

}  // namespace kiln
