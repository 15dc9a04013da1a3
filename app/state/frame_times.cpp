#include "app/state/frame_times.h"

#include <algorithm>
#include <vector>

namespace kiln {

void FrameTimes::add(double at_s, double took_ms) {
  samples_.push_back({at_s, took_ms});
  while (samples_.front().at_s < at_s - kSpan_s) samples_.pop_front();
}

FrameStats FrameTimes::stats() const {
  if (samples_.empty()) return {};
  std::vector<double> sorted;
  sorted.reserve(samples_.size());
  for (const Sample& sample : samples_) sorted.push_back(sample.took_ms);
  std::sort(sorted.begin(), sorted.end());
  const std::size_t last = sorted.size() - 1;
  return {sorted[last / 2], sorted[last * 99 / 100], sorted[last]};
}

}  // namespace kiln
