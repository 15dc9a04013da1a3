#include "engine/formats/palette_binary.h"

#include <algorithm>
#include <string>

#include "engine/base/error.h"
#include "engine/base/lower_case.h"
#include "engine/formats/ase/ase_file.h"
#include "engine/formats/file_kind.h"
#include "engine/formats/image_file.h"
#include "engine/formats/image_limits.h"
#include "engine/formats/png_chunks.h"

namespace kiln {
namespace {

constexpr std::size_t kMostColours = 256;

[[noreturn]] void refuse(std::string_view name, const std::string& what) {
  throw Failure(ErrorCode::kCorrupt, "“" + std::string(name) + "” " + what,
                "use a palette in GIMP (.gpl), JASC (.pal) or hex (.hex) form, an Aseprite file, or a PNG of its colours");
}

std::vector<Rgb8> colours_of_image(std::span<const std::uint8_t> bytes, std::string_view name) {
  const Image image = decode_image(bytes, name);  // refuses what is damaged
  std::vector<Rgb8> colours;
  std::span<const std::uint8_t> table, alpha;
  constexpr std::size_t kColourType = 9;
  constexpr std::uint8_t kIndexed = 3;  // else a table only proposes colours, and tRNS is no list
  bool indexed = false;
  for (const PngChunk& chunk : png_chunks(bytes)) {
    if (chunk.type == "IHDR") indexed = chunk.data.size() > kColourType && chunk.data[kColourType] == kIndexed;
    if (chunk.type == "PLTE" && indexed) table = chunk.data;
    if (chunk.type == "tRNS" && indexed) alpha = chunk.data;
  }
  for (std::size_t i = 0; 3 * i + 2 < table.size(); ++i) {
    if (i >= alpha.size() || alpha[i] > 0) colours.push_back({table[3 * i], table[3 * i + 1], table[3 * i + 2]});
  }
  for (std::size_t i = 0; table.empty() && i < image.rgba.size(); i += 4) {
    const Rgb8 colour{image.rgba[i], image.rgba[i + 1], image.rgba[i + 2]};
    if (image.rgba[i + 3] == 0 || std::find(colours.begin(), colours.end(), colour) != colours.end()) continue;
    if (colours.size() == kMostColours) {
      throw Failure(ErrorCode::kUnsupported, "“" + std::string(name) + "” is a picture of more than 256 colours, and no palette",
                    "use a picture of the palette's colours alone");
    }
    colours.push_back(colour);
  }
  return colours;
}

std::vector<Rgb8> colours_of_ase(std::span<const std::uint8_t> bytes, std::string_view name) {
  std::vector<std::string> notes;
  std::vector<Rgb8> colours;
  for (const auto& entry : read_ase(bytes, name, notes).palette) {
    if (entry[3] > 0) colours.push_back({entry[0], entry[1], entry[2]});
  }
  return colours;
}

// RIFF, its size, "PAL ", then chunks of a name, a size and as many bytes, to an even number: of them "data" has version and number
// of entries; each red, green, blue and flags.
std::vector<Rgb8> colours_of_riff(std::span<const std::uint8_t> bytes, std::string_view name) {
  constexpr std::size_t kFirstChunk = 12, kChunkHeader = 8, kCount = 2, kEntries = 4;
  std::span<const std::uint8_t> rest = bytes.subspan(kFirstChunk);
  while (rest.size() > kChunkHeader && !begins_with(rest, "data")) {
    const std::size_t size = rest[4] | rest[5] << 8 | rest[6] << 16 | std::size_t{rest[7]} << 24;
    rest = rest.subspan(std::min(rest.size(), kChunkHeader + size + size % 2));
  }
  rest = rest.subspan(std::min(rest.size(), kChunkHeader));
  const std::size_t count = rest.size() < kEntries ? 0 : rest[kCount] | rest[kCount + 1] << 8;
  if (count == 0 || rest.size() < kEntries + 4 * count) refuse(name, "is a RIFF palette that is cut off");
  std::vector<Rgb8> colours;
  for (std::size_t at = kEntries; colours.size() < count; at += 4) colours.push_back({rest[at], rest[at + 1], rest[at + 2]});
  return colours;
}

// 256 entries of red, green and blue; then perhaps how many count, and which one is transparent (16 bits each, big-endian).
std::vector<Rgb8> colours_of_act(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t kTable = 768;
  std::size_t count = 256, transparent = 256;
  if (bytes.size() >= kTable + 4) {
    count = std::min<std::size_t>(bytes[kTable] << 8 | bytes[kTable + 1], 256);
    transparent = bytes[kTable + 2] << 8 | bytes[kTable + 3];
    if (count == 0) count = 256;
  }
  std::vector<Rgb8> colours;
  for (std::size_t i = 0; i < count; ++i) {
    if (i != transparent) colours.push_back({bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2]});
  }
  return colours;
}

}  // namespace

std::optional<Palette> parse_binary_palette(std::span<const std::uint8_t> bytes, std::string_view name) {
  const auto kind = kind_of_file(bytes);
  const bool act = lower_case(std::string(name)).ends_with(".act") && (bytes.size() == 768 || bytes.size() == 772);
  std::vector<Rgb8> colours;
  if (begins_with(bytes, "ASEF")) {
    throw Failure(ErrorCode::kUnsupported, "“" + std::string(name) + "” is a swatch file of Adobe (.ase), not one of Aseprite",
                  "save the palette as .act, .gpl or .hex");
  }
  if (is_ase(bytes)) {
    colours = colours_of_ase(bytes, name);
  } else if (begins_with(bytes, "BM") || (kind && kind->what.ends_with(" image"))) {
    colours = colours_of_image(bytes, name);
  } else if (begins_with(bytes, "RIFF") && bytes.size() > 12 && begins_with(bytes.subspan(8), "PAL ")) {
    colours = colours_of_riff(bytes, name);
  } else if (act) {
    colours = colours_of_act(bytes);
  } else {
    if (kind && !kind->what.starts_with("a JSON"))
      throw Failure(ErrorCode::kUnsupported, "“" + std::string(name) + "” is " + kind->what, kind->hint);
    return std::nullopt;
  }
  if (colours.empty()) refuse(name, "holds no colours");
  return Palette{std::string(name), std::move(colours)};
}

}  // namespace kiln
