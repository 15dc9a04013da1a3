#pragma once

#include <string>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/palette.h"

namespace kiln {

struct LabelledSprite {
  std::string file;  // relative to the folder
  int class_index = 0;
  Image image;            // colour zero where alpha is zero
  int frame = -1;         // of an animation, from 0; -1: of none
  bool held_out = false;  // put aside: measured on, never trained on
};

// Sprites of one size, with their classes.
struct SpriteSet {
  int width = 0;
  int height = 0;
  std::vector<std::string> classes;  // sorted by name
  std::vector<LabelledSprite> sprites;
  std::vector<std::string> warnings;  // files left out, by name
};

// How many frames each class's animations have at the most [K]; empty if no sprite is of one.
std::vector<int> frame_counts(const SpriteSet& set);

// Whether every pixel is opaque or fully transparent.
bool has_hard_alpha(const SpriteSet& set);

// The colours of all opaque pixels, from dark to light, if they are no more than 256; else none.
Palette common_palette(const SpriteSet& set);

inline constexpr const char* kBorderColour = "auto";

// The set without transparency: its sprites over `background`, a colour as #1a1c2c, or kBorderColour for the mean of the opaque
// pixels along their borders, white without any. Throws Failure(kInvalidArgument) for what is no colour.
SpriteSet over_background(SpriteSet set, const std::string& background);

// SHA-256 over sizes, classes and pixels, hex: the same set gives the same fingerprint wherever it lies.
std::string fingerprint(const SpriteSet& set);

}  // namespace kiln
