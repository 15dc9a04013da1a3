#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/base/file.h"
#include "engine/base/image.h"

namespace kiln {

// The file as stb_image reads it rightly: a BMP whose header has 52, 56 or 64 bytes gets one of 108, a TGA whose colours are not
// numbered from 0 on gets empty ones before them. `changed` holds the bytes that differ; others are `bytes` themselves.
std::span<const std::uint8_t> stb_input(std::span<const std::uint8_t> bytes, Bytes& changed, std::string_view name);

// A TGA may list its rows from right to left, which stb_image does not look at. `image` is as it was read from `bytes`.
void mirror_if_leftward(std::span<const std::uint8_t> bytes, Image& image);

}  // namespace kiln
