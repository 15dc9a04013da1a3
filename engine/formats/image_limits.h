#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace kiln {

inline constexpr std::size_t kLargestSide = 16384;
inline constexpr std::size_t kMostPixels = std::size_t{1} << 26;           // of an image
inline constexpr std::size_t kMostAnimationPixels = std::size_t{1} << 25;  // of all frames together

// Throws Failure: kUnsupported (a side or an image above these limits), kCorrupt (without pixels).
void check_image_size(std::string_view name, std::size_t width, std::size_t height);

// Throws Failure(kUnsupported) for frames that are together above the limit.
void check_animation_size(std::string_view name, std::size_t frames, std::size_t width, std::size_t height);

// Throws Failure(kCorrupt). `detail` is for the log.
[[noreturn]] void refuse_damaged_image(std::string_view name, const char* detail);

bool begins_with(std::span<const std::uint8_t> bytes, std::string_view start);

}  // namespace kiln
