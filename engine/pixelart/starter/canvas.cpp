#include "engine/pixelart/starter/canvas.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace kiln::starter {
namespace {

constexpr float kUnits = 16;
constexpr std::array<std::pair<int, int>, 4> kSides = {{{-1, 0}, {0, -1}, {1, 0}, {0, 1}}};

}  // namespace

Canvas::Canvas(int size, std::uint64_t grain_seed)
    : size_(size), grain_seed_(grain_seed), pixels_(static_cast<std::size_t>(size) * static_cast<std::size_t>(size)) {}

Point Canvas::centre_of(int x, int y) const {
  const float unit = kUnits / static_cast<float>(size_);
  return {(static_cast<float>(x) + 0.5f) * unit, (static_cast<float>(y) + 0.5f) * unit};
}

// From -1 to 1, in patches of about a unit so that both sizes show the same roughness.
float Canvas::noise(int x, int y) const {
  const int patch = std::max(1, size_ / 16);
  Random random(grain_seed_ + static_cast<std::uint64_t>(x / patch * 131 + y / patch * 7919));
  return random.between(-1, 1);
}

// Lambert's law on a surface that is flat inside and bends down towards the edge over `bevel` units.
int Canvas::lit_tone(const Shape& shape, Point at, float distance, const Finish& finish) const {
  constexpr float kStep = 0.25f;
  constexpr float kLightX = -0.52f, kLightY = -0.66f, kLightZ = 0.54f;
  const float dx = shape({at.x + kStep, at.y}) - shape({at.x - kStep, at.y});
  const float dy = shape({at.x, at.y + kStep}) - shape({at.x, at.y - kStep});
  const float steepness = std::sqrt(dx * dx + dy * dy);
  const float slope = 1 - std::clamp(-distance / finish.bevel, 0.0f, 1.0f);
  float light = kLightZ * std::sqrt(1 - slope * slope);
  if (steepness > 1e-6f) light += slope * (dx * kLightX + dy * kLightY) / steepness;
  light += finish.bias;
  return light < 0.2f ? kShadow : light < 0.72f ? kBase : light < 0.93f ? kLight : kShine;
}

void Canvas::paint(const Shape& shape, const Ramp& ramp, const Finish& finish) {
  const int index = static_cast<int>(ramps_.size());
  ramps_.push_back(ramp);
  std::vector<bool> covered(pixels_.size(), false);
  for (int y = 1; y < size_ - 1; ++y) {
    for (int x = 1; x < size_ - 1; ++x) {
      const Point at = centre_of(x, y);
      const float distance = shape(at);
      if (distance > 0) continue;
      Finish local = finish;
      local.bias += finish.grain * noise(x, y);
      pixel(x, y) = {index, finish.tone >= 0 ? finish.tone : lit_tone(shape, at, distance, local)};
      covered[place(x, y)] = true;
    }
  }
  if (finish.contour) darken_around(covered);
}

void Canvas::darken_around(const std::vector<bool>& covered) {
  for (int y = 0; y < size_; ++y) {
    for (int x = 0; x < size_; ++x) {
      if (covered[place(x, y)]) continue;
      for (const auto& [dx, dy] : kSides) {
        if (inside(x + dx, y + dy) && covered[place(x + dx, y + dy)]) pixel(x, y).tone = kOutline;
      }
    }
  }
}

void Canvas::dot(Point at, const Ramp& ramp, Tone tone) {
  const float scale = static_cast<float>(size_) / kUnits;
  const int x = static_cast<int>(std::floor(at.x * scale)), y = static_cast<int>(std::floor(at.y * scale));
  if (!inside(x, y) || pixel(x, y).ramp < 0) return;
  pixel(x, y) = {static_cast<int>(ramps_.size()), tone};
  ramps_.push_back(ramp);
}

void Canvas::erase(const Shape& shape) {
  for (int y = 0; y < size_; ++y) {
    for (int x = 0; x < size_; ++x) {
      if (shape(centre_of(x, y)) <= 0) pixel(x, y) = {};
    }
  }
}

// The material whose outline an empty pixel shows; -1 for none. The neighbour away from the light counts first.
int Canvas::outline_ramp(int x, int y) const {
  for (const auto& [dx, dy] : kSides) {
    if (inside(x + dx, y + dy) && pixel(x + dx, y + dy).ramp >= 0) return pixel(x + dx, y + dy).ramp;
  }
  return -1;
}

Image Canvas::finished() const {
  Image image(size_, size_);
  for (int y = 0; y < size_; ++y) {
    for (int x = 0; x < size_; ++x) {
      const Pixel& here = pixel(x, y);
      const int ramp = here.ramp >= 0 ? here.ramp : outline_ramp(x, y);
      if (ramp < 0) continue;
      const Rgb8 colour = ramps_[static_cast<std::size_t>(ramp)][static_cast<std::size_t>(here.ramp >= 0 ? here.tone : kOutline)];
      std::uint8_t* target = image.pixel(x, y);
      target[0] = colour.r, target[1] = colour.g, target[2] = colour.b, target[3] = 255;
    }
  }
  return image;
}

}  // namespace kiln::starter
