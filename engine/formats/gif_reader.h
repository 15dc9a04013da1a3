#pragma once

#include "engine/formats/animation.h"

namespace kiln {

bool is_gif(std::span<const std::uint8_t> bytes);

// The first `most` frames of a GIF as a player shows them (GIF89a, 20, 23): what no frame covers is transparent, as in browsers,
// whatever the background colour says. Throws as decode_animation does.
std::vector<AnimationFrame> decode_gif(std::span<const std::uint8_t> bytes, std::string_view name, std::size_t most = SIZE_MAX);

}  // namespace kiln
