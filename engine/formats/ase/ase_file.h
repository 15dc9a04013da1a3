#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/rect.h"

namespace kiln {

// One frame of an Aseprite file, its layers composited.
struct AseSprite {
  std::string name;  // "walk 3": the frame tag, and from 0 which of its frames this is; the frame's number from 0 without a tag
  std::string class_name;  // the innermost frame tag's name; empty where there is none
  Image image;             // as large as the canvas
  int milliseconds = 0;    // how long the frame stands
};

enum class AseDirection { kForward, kReverse, kPingPong, kPingPongReverse };

// A section of the animation; frames from 0, both ends included.
struct AseTag {
  std::string name;
  int from = 0, to = 0;
  AseDirection direction = AseDirection::kForward;
  friend bool operator==(const AseTag&, const AseTag&) = default;
};

// A named rectangle of the canvas, as it is where it first appears; it may reach over the canvas's edges.
struct AseSlice {
  std::string name;
  Rect rect;
  friend bool operator==(const AseSlice&, const AseSlice&) = default;
};

struct AseFile {
  int width = 0, height = 0;                         // of the canvas, in pixels
  std::vector<AseSprite> frames;                     // in the file's order, fully transparent ones included
  std::vector<std::array<std::uint8_t, 4>> palette;  // RGBA, straight alpha, of the first frame; empty if the file has none
  std::vector<AseTag> tags;
  std::vector<AseSlice> slices;
};

// Whether the bytes begin with Aseprite's file header and a frame, by their magic numbers.
bool is_ase(std::span<const std::uint8_t> bytes);

// The frames of an Aseprite file (.ase, .aseprite), as the program shows and exports them: hidden layers, those in hidden groups
// and reference layers left out; image and tilemap layers drawn with their opacities, blend modes and z-indices. Colours are taken
// as sRGB. Source: ase-file-specs.md of Aseprite (https://github.com/aseprite/aseprite/blob/main/docs/ase-file-specs.md). `name` is
// what errors call the file. `notes` gets a sentence for each thing that is left out or assumed. Throws Failure: kCorrupt (no such
// file, cut off, damaged), kUnsupported (another colour depth, a side over 16384, more than 2^26 pixels over all frames, more than
// 2^28 pixels of cels to draw, more than 2^24 pixels of tiles, groups nested over 64 deep).
AseFile read_ase(std::span<const std::uint8_t> bytes, std::string_view name, std::vector<std::string>& notes);

}  // namespace kiln
