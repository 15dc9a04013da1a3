#include "engine/formats/indexed_png.h"

#include <png.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/base/error.h"

namespace kiln {
namespace {

static_assert(sizeof(Rgba8) == 4);  // as libpng reads a palette

constexpr std::size_t kMostColours = 256;

Rgba8 colour_at(const Image& image, std::size_t pixel) {
  const std::uint8_t* at = image.rgba.data() + 4 * pixel;
  return at[3] == 0 ? Rgba8{} : Rgba8{at[0], at[1], at[2], at[3]};
}

// In the order in which they come.
std::vector<Rgba8> colours_of(const std::vector<Image>& images) {
  std::vector<Rgba8> colours;
  std::set<Rgba8> seen;
  for (const Image& image : images) {
    for (std::size_t i = 0; i < image.rgba.size() / 4; ++i) {
      const Rgba8 colour = colour_at(image, i);
      if (seen.insert(colour).second) colours.push_back(colour);
    }
  }
  return colours;
}

[[noreturn]] void refuse(const png_image& png) {
  throw Failure(ErrorCode::kInternal, "the PNG could not be made", "this is a defect of the program, please report it",
                png.message);
}

}  // namespace

std::vector<Rgba8> indexed_palette(const std::vector<Image>& images, const std::vector<Rgb8>& order) {
  const std::vector<Rgba8> used = colours_of(images);
  if (used.size() > kMostColours) {
    throw Failure(ErrorCode::kInvalidArgument,
                  "the sprites have " + std::to_string(used.size()) + " colours together, and an indexed PNG can have 256",
                  "write it without “indexed”, or choose fewer colours for the sprites");
  }
  std::vector<Rgba8> palette, whole;
  for (const Rgba8& colour : used) {
    if (colour.a == 0) palette.insert(palette.begin(), colour);
    if (colour.a != 0 && colour.a != 255) palette.push_back(colour);
  }
  std::set<Rgba8> listed(palette.begin(), palette.end());
  for (const Rgb8& colour : order) {
    if (listed.insert({colour.r, colour.g, colour.b, 255}).second) whole.push_back({colour.r, colour.g, colour.b, 255});
  }
  for (const Rgba8& colour : used) {
    if (listed.insert(colour).second) whole.push_back(colour);
  }
  const std::set<Rgba8> needed(used.begin(), used.end());
  if (palette.size() + whole.size() > kMostColours) std::erase_if(whole, [&](const Rgba8& c) { return !needed.contains(c); });
  palette.insert(palette.end(), whole.begin(), whole.end());
  return palette;
}

Bytes encode_indexed_png(const Image& image, const std::vector<Rgba8>& palette) {
  std::map<Rgba8, std::uint8_t> index;
  for (std::size_t i = 0; i < std::min(palette.size(), kMostColours); ++i) index.emplace(palette[i], static_cast<std::uint8_t>(i));
  std::vector<std::uint8_t> indices(image.rgba.size() / 4);
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const auto found = index.find(colour_at(image, i));
    if (found == index.end())
      throw Failure(ErrorCode::kInvalidArgument, "the picture has a colour that its palette lacks", "write it without “indexed”");
    indices[i] = found->second;
  }
  if (image.empty() || palette.size() > kMostColours)
    throw Failure(ErrorCode::kInvalidArgument, "a PNG without pixels, or of more than 256 colours, cannot be made",
                  "choose a sprite first");
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(image.width);
  png.height = static_cast<png_uint_32>(image.height);
  png.format = PNG_FORMAT_RGBA_COLORMAP;
  png.colormap_entries = static_cast<png_uint_32>(palette.size());
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);
  Bytes bytes(size);
  if (!png_image_write_to_memory(&png, bytes.data(), &size, 0, indices.data(), 0, palette.data())) refuse(png);
  bytes.resize(size);
  return bytes;
}

}  // namespace kiln
