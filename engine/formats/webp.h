#pragma once

#include "engine/formats/animation.h"

namespace kiln {

bool is_webp(std::span<const std::uint8_t> bytes);

// The first `most` frames of a WebP. Throws as decode_animation does.
std::vector<AnimationFrame> decode_webp(std::span<const std::uint8_t> bytes, std::string_view name, std::size_t most = SIZE_MAX);

}  // namespace kiln
