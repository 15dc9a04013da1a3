#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/base/image.h"

namespace kiln {

bool is_pnm(std::span<const std::uint8_t> bytes);

// A grey or RGB Netpbm image (P2, P3, P5, P6), values scaled to 0 … 255. Throws as decode_image does.
Image decode_pnm(std::span<const std::uint8_t> bytes, std::string_view name);

}  // namespace kiln
