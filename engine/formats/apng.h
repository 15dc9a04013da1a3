#pragma once

#include "engine/formats/animation.h"

namespace kiln {

// The frames of an animated PNG (PNG specification, third edition, 4.9 and 11.3.4); none if it is not animated. Throws as
// decode_animation does.
std::vector<AnimationFrame> decode_apng(std::span<const std::uint8_t> bytes, std::string_view name);

}  // namespace kiln
