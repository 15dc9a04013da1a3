#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "engine/base/file.h"
#include "engine/base/image.h"

namespace kiln {

// The image in an encoded PNG, BMP, TGA, GIF, WebP or Aseprite (first frame), JPEG, PSD, PIC or PNM file, as RGBA8. `name` is what
// errors call it. Throws Failure: kCorrupt (cut off, damaged, no image), kUnsupported (another format, a side over 16384 or more
// than 2^26 pixels).
Image decode_image(std::span<const std::uint8_t> bytes, std::string_view name);

// The bytes of a file that decode_image is to read. Throws as read_file.
Bytes read_image_bytes(const std::filesystem::path& path);

// Throws as read_file and decode_image do.
Image read_image(const std::filesystem::path& path);

// An 8-bit RGBA PNG. The same image gives the same bytes. Throws Failure(kInvalidArgument) for an image without pixels.
Bytes encode_png(const Image& image);

// Throws as encode_png and write_file do.
void write_png(const std::filesystem::path& path, const Image& image);

}  // namespace kiln
