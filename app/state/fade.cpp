#include "app/state/fade.h"

#include <algorithm>

namespace kiln {

void Fade::add(const Frame& frame) {
  if (frame.count < 1 || frame.rgba.empty() || (!steps_.empty() && frame.step <= steps_.back())) return;
  if (frame_bytes_ != 0 && (frame.rgba.size() != frame_bytes_ || frame.count != count_)) return;
  frame_bytes_ = frame.rgba.size();
  count_ = frame.count;
  total_ = frame.total;
  if (seen_++ % stride_ != 0) return;
  steps_.push_back(frame.step);
  frames_.push_back(frame.rgba);
  while (bytes() > most_bytes_ && steps_.size() > 1) thin();
}

void Fade::thin() {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < steps_.size(); i += 2, ++kept) {
    steps_[kept] = steps_[i];
    if (kept != i) frames_[kept] = std::move(frames_[i]);
  }
  steps_.resize(kept);
  frames_.resize(kept);
  stride_ *= 2;
}

std::size_t Fade::place_of(int step) const {
  const auto after = std::upper_bound(steps_.begin(), steps_.end(), step);
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, after - steps_.begin() - 1));
}

int Fade::kept_step(int step) const { return empty() ? 0 : steps_[place_of(step)]; }

std::span<const std::uint8_t> Fade::pixels(int index, int step) const {
  if (steps_.empty() || index < 0 || index >= count_) return {};
  const std::size_t size = frame_bytes_ / static_cast<std::size_t>(count_);
  return std::span(frames_[place_of(step)]).subspan(size * static_cast<std::size_t>(index), size);
}

double Fade::level_after(int step) const {
  return total_ > 0 ? level_ * (1 - static_cast<double>(std::clamp(step, 0, total_)) / total_) : 0;
}

}  // namespace kiln
