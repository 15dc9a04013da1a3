#include "engine/data/animation_frames.h"

#include "engine/base/animation_limits.h"

namespace kiln {
namespace {

constexpr double kLeastOverlap = 0.5;  // of two frames' silhouettes, intersection over union

double overlap(const Image& a, const Image& b) {
  if (a.width != b.width || a.height != b.height) return 0;
  std::size_t both = 0, either = 0;
  for (std::size_t i = 3; i < a.rgba.size(); i += 4) {
    both += a.rgba[i] > 0 && b.rgba[i] > 0;
    either += a.rgba[i] > 0 || b.rgba[i] > 0;
  }
  return either == 0 ? 1 : static_cast<double>(both) / static_cast<double>(either);
}

bool has_frames_for_one(std::span<const DatasetSprite> sprites) {
  return sprites.size() >= 2 && sprites.size() <= static_cast<std::size_t>(kMostFrames);
}

}  // namespace

void number_animation(std::span<DatasetSprite> sprites) {
  if (!has_frames_for_one(sprites)) return;
  for (std::size_t i = 0; i < sprites.size(); ++i) sprites[i].frame = static_cast<int>(i);
}

void number_frames(std::span<DatasetSprite> sprites) {
  if (!has_frames_for_one(sprites)) return;
  double sum = 0;
  for (std::size_t i = 1; i < sprites.size(); ++i) sum += overlap(sprites[i - 1].image, sprites[i].image);
  if (sum >= kLeastOverlap * static_cast<double>(sprites.size() - 1)) number_animation(sprites);
}

}  // namespace kiln
