#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/file.h"

namespace kiln {

// A chunk of a PNG (PNG specification, third edition, 5.3); its views are into the file's bytes.
struct PngChunk {
  std::string_view type;
  std::span<const std::uint8_t> data;
  bool checksum_is_right = true;

  bool is_needed() const { return (type[0] & 32) == 0 || type == "tRNS"; }  // critical, or changes what is seen
};

// In the file's order up to IEND, or to where it is cut off; none if it is no PNG.
std::vector<PngChunk> png_chunks(std::span<const std::uint8_t> bytes);

// The eight bytes that each PNG begins with.
Bytes png_beginning();

void append_png_chunk(Bytes& png, std::string_view type, std::span<const std::uint8_t> data);

// The four bytes from `at` on, most significant first.
std::uint32_t png_number(std::span<const std::uint8_t> bytes, std::size_t at);

}  // namespace kiln
