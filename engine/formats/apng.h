#pragma once

#include "engine/base/file.h"
#include "engine/formats/animation.h"

namespace kiln {

// The frames of an animated PNG (PNG specification, third edition, 4.9 and 11.3.4); none if it is not animated. Throws as
// decode_animation does.
std::vector<AnimationFrame> decode_apng(std::span<const std::uint8_t> bytes, std::string_view name);

// What a viewer that does not know animated PNGs shows.
enum class StillFrame { kFirst, kLast };

// An animated PNG. Each frame replaces the one before, alpha included.
// Throws Failure(kInvalidArgument) for no frames, frames of several sizes or without pixels, or a delay beyond a minute.
Bytes encode_apng(const std::vector<AnimationFrame>& frames, bool loop, StillFrame still = StillFrame::kLast);

}  // namespace kiln
