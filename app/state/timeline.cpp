#include "app/state/timeline.h"

#include <algorithm>
#include <cstdlib>
#include <set>

namespace kiln {
namespace {

int last_step(const GeneratedBatch& batch) {
  int last = 0;
  for (const SpriteOrigin& origin : batch.origins) {
    if (origin.fade) last = std::max(last, origin.step);
  }
  return last;
}

std::vector<int> stops_of(const GeneratedBatch& batch) {
  const int last = last_step(batch);
  std::set<int> stops;
  for (const SpriteOrigin& origin : batch.origins) {
    if (!origin.fade || origin.step < 1) continue;
    for (const int step : origin.fade->steps()) {
      if (step < origin.step) stops.insert((step * last + origin.step - 1) / origin.step);
    }
  }
  if (stops.empty()) return {};
  stops.insert(last);
  return {stops.begin(), stops.end()};
}

}  // namespace

void Timeline::follow(const GeneratedBatch& batch, bool running) {
  if (batch.version == of_) return;
  of_ = batch.version;
  ++version_;
  step_.reset();
  stops_ = running ? std::vector<int>() : stops_of(batch);
}

void Timeline::show(int step) {
  if (stops_.empty()) return;
  const auto nearest =
      std::min_element(stops_.begin(), stops_.end(), [&](int a, int b) { return std::abs(a - step) < std::abs(b - step); });
  const std::optional<int> wanted = *nearest == stops_.back() ? std::nullopt : std::optional(*nearest);
  if (wanted != step_) ++version_;
  step_ = wanted;
}

void Timeline::move(int stops) {
  if (stops_.empty()) return;
  const auto here = std::lower_bound(stops_.begin(), stops_.end(), step()) - stops_.begin();
  show(stops_[static_cast<std::size_t>(
      std::clamp<std::ptrdiff_t>(here + stops, 0, static_cast<std::ptrdiff_t>(stops_.size()) - 1))]);
}

void Timeline::show_only(const std::set<int>& places) {
  if (places == only_) return;
  only_ = places;
  if (step_) ++version_;
}

int Timeline::own_step(const GeneratedBatch& batch, int index) const {
  const SpriteOrigin& origin = batch.origins[static_cast<std::size_t>(index)];
  return stops_.empty() || stops_.back() < 1 || !shows(index) ? origin.step : step() * origin.step / stops_.back();
}

std::span<const std::uint8_t> Timeline::pixels_of(const GeneratedBatch& batch, int index) const {
  const auto i = static_cast<std::size_t>(index);
  const std::size_t size = static_cast<std::size_t>(batch.width) * static_cast<std::size_t>(batch.height) * 4;
  if (step_ && shows(index) && i < batch.origins.size() && batch.origins[i].fade) {
    const SpriteOrigin& origin = batch.origins[i];
    const auto then = origin.fade->pixels(origin.index, own_step(batch, index));
    if (then.size() == size) return then;
  }
  return std::span(batch.rgba).subspan(i * size, size);
}

std::span<const std::uint8_t> Timeline::pixels(const GeneratedBatch& batch) {
  if (!step_ || !batch.has_pixels()) return batch.rgba;
  if (rgba_of_ != version_) {
    rgba_.clear();
    for (int i = 0; i < batch.count(); ++i) {
      const auto then = pixels_of(batch, i);
      rgba_.insert(rgba_.end(), then.begin(), then.end());
    }
    rgba_of_ = version_;
  }
  return rgba_;
}

Image Timeline::image(const GeneratedBatch& batch, int index) const {
  Image image(batch.width, batch.height);
  const auto then = pixels_of(batch, index);
  image.rgba.assign(then.begin(), then.end());
  return image;
}

std::optional<int> Timeline::earlier_step(const GeneratedBatch& batch, int index) const {
  const auto i = static_cast<std::size_t>(index);
  if (!step_ || !shows(index) || i >= batch.origins.size() || !batch.origins[i].fade || batch.origins[i].fade->empty())
    return std::nullopt;
  return batch.origins[i].fade->kept_step(own_step(batch, index));
}

double Timeline::level(const GeneratedBatch& batch, int index) const {
  const auto i = static_cast<std::size_t>(index);
  if (i >= batch.origins.size() || !batch.origins[i].fade) return 0;
  return batch.origins[i].fade->level_after(own_step(batch, index));
}

std::vector<Frame> fade_frames(const GeneratedBatch& batch, const std::vector<int>& places) {
  Timeline timeline;
  timeline.follow(batch, false);
  std::vector<Frame> frames;
  for (const int stop : timeline.stops()) {
    timeline.show(stop);
    Frame frame{{}, stop, timeline.stops().back(), batch.width, batch.height, static_cast<int>(places.size()), {}};
    for (const int place : places) {
      const Image image = timeline.image(batch, place);
      frame.rgba.insert(frame.rgba.end(), image.rgba.begin(), image.rgba.end());
    }
    frames.push_back(std::move(frame));
  }
  return frames;
}

}  // namespace kiln
