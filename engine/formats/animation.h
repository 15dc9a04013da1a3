#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/image.h"

namespace kiln {

struct AnimationFrame {
  Image image;  // the whole canvas
  int milliseconds = 0;
};

// All frames of a GIF, PNG (APNG), WebP or Aseprite file, as a player shows them one after the other; one frame where nothing
// moves, and of all other kinds of images. Throws as decode_image (image_file.h) does, and Failure(kUnsupported) for more than 2^25
// pixels in all.
std::vector<AnimationFrame> decode_animation(std::span<const std::uint8_t> bytes, std::string_view name);

// The same; what is left out or assumed of an Aseprite file is added to `notes`.
std::vector<AnimationFrame> decode_animation(std::span<const std::uint8_t> bytes, std::string_view name,
                                             std::vector<std::string>& notes);

}  // namespace kiln
