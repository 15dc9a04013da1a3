#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/image.h"
#include "engine/pixelart/starter/random.h"

namespace kiln {

// The classes of sprites that this program can draw by itself, to have something to train on at once; those that stand still.
std::vector<std::string> starter_classes();

// The classes that it can draw as animations.
std::vector<std::string> animated_starter_classes();

// One sprite, RGBA with hard alpha, `size` 16 or 32 pixels wide and high. The same class, size and seed give the same pixels.
// Throws Failure(kInvalidArgument) for another class or size.
Image draw_starter_sprite(std::string_view class_name, int size, std::uint64_t seed);
// All frames of one sprite of an animated class, of another class one. Throws as draw_starter_sprite.
std::vector<Image> draw_starter_frames(std::string_view class_name, int size, std::uint64_t seed);

// Sprites of one class, no two alike, one after another.
class StarterSeries {
 public:
  // Throws as draw_starter_sprite.
  StarterSeries(std::string class_name, int size, std::uint64_t seed);
  Image next();
  std::vector<Image> next_frames();

 private:
  std::string class_name_;
  int size_;
  starter::Random seeds_;
  std::set<std::string> seen_;  // first frames
};

}  // namespace kiln
