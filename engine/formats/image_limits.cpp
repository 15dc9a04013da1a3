#include "engine/formats/image_limits.h"

#include <cstring>
#include <string>

#include "engine/base/error.h"

namespace kiln {

void check_image_size(std::string_view name, std::size_t width, std::size_t height) {
  if (width == 0 || height == 0) refuse_damaged_image(name, "no pixels");
  if (width <= kLargestSide && height <= kLargestSide && width * height <= kMostPixels) return;
  throw Failure(ErrorCode::kUnsupported,
                "“" + std::string(name) + "” claims to be " + std::to_string(width) + "×" + std::to_string(height) + " pixels",
                "sprites and sheets may have sides of up to 16384 and 67 million pixels in all");
}

void check_animation_size(std::string_view name, std::size_t frames, std::size_t width, std::size_t height) {
  check_image_size(name, width, height);
  if (frames == 1 || frames <= kMostAnimationPixels / (width * height)) return;
  throw Failure(ErrorCode::kUnsupported,
                "“" + std::string(name) + "” claims to be " + std::to_string(frames) + " frames of " + std::to_string(width) + "×" +
                    std::to_string(height) + " pixels",
                "the frames of an animation may have 33 million pixels in all");
}

void refuse_damaged_image(std::string_view name, const char* detail) {
  throw Failure(ErrorCode::kCorrupt, "“" + std::string(name) + "” is cut off or damaged",
                "open it in an image editor and save it again as PNG", detail ? detail : "");
}

bool begins_with(std::span<const std::uint8_t> bytes, std::string_view start) {
  return bytes.size() >= start.size() && std::memcmp(bytes.data(), start.data(), start.size()) == 0;
}

}  // namespace kiln
