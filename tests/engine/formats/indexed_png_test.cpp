#include "engine/formats/indexed_png.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "engine/formats/image_file.h"
#include "engine/formats/png_chunks.h"
#include "support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

Image image_of(int width, const std::vector<Rgba8>& pixels) {
  Image image(width, static_cast<int>(pixels.size()) / width);
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const auto& [r, g, b, a] = pixels[i];
    std::uint8_t* to = &image.rgba[4 * i];
    to[0] = r, to[1] = g, to[2] = b, to[3] = a;
  }
  return image;
}

Bytes chunk(const Bytes& png, std::string_view type) {
  for (const PngChunk& c : png_chunks(png)) {
    if (c.type == type) return {c.data.begin(), c.data.end()};
  }
  return {};
}

constexpr Rgba8 kNone{}, kRed{255, 0, 0, 255}, kGreen{0, 255, 0, 255}, kGlass{0, 0, 9, 128};

}  // namespace

TEST_CASE("the palette keeps the order that is asked for, behind what is transparent") {
  const Image image = image_of(2, {kRed, kNone, kGlass, kGreen});
  const std::vector<Rgb8> order = {{1, 2, 3}, {0, 255, 0}, {4, 5, 6}};
  const auto palette = indexed_palette({image}, order);
  CHECK((palette == std::vector<Rgba8>{kNone, kGlass, {1, 2, 3, 255}, kGreen, {4, 5, 6, 255}, kRed}));
  const Bytes png = encode_indexed_png(image, palette);
  CHECK(chunk(png, "PLTE") == Bytes{0, 0, 0, 0, 0, 9, 1, 2, 3, 0, 255, 0, 4, 5, 6, 255, 0, 0});
  CHECK(chunk(png, "tRNS") == Bytes{0, 128});
  CHECK(chunk(png, "IHDR")[9] == 3);  // indexed colour
  CHECK(decode_image(png, "x") == image);
}

TEST_CASE("opaque images need no tRNS; without an order colours are as they come") {
  const Image image = image_of(2, {kGreen, kRed});
  CHECK((indexed_palette({image}, {}) == std::vector<Rgba8>{kGreen, kRed}));
  CHECK(chunk(encode_indexed_png(image, {kGreen, kRed}), "tRNS").empty());
}

TEST_CASE("256 colours and no more; of a longer order only what is needed") {
  std::vector<Rgba8> pixels;
  for (int i = 0; i < 256; ++i) pixels.push_back({static_cast<std::uint8_t>(i), 7, 0, 255});
  const Image image = image_of(16, pixels);
  const auto palette = indexed_palette({image}, {{1, 1, 1}, {9, 7, 0}});
  CHECK(palette.size() == 256);
  CHECK((palette[0] == Rgba8{9, 7, 0, 255}));
  CHECK(decode_image(encode_indexed_png(image, palette), "x") == image);
  CHECK(error_of([&] { indexed_palette({image, image_of(1, {kNone})}, {}); }).message.find("257 colours") != std::string::npos);
  CHECK(error_of([&] { encode_indexed_png(image, {kRed}); }).code == ErrorCode::kInvalidArgument);
  CHECK(error_of([] { encode_indexed_png(Image(), {kRed}); }).code == ErrorCode::kInvalidArgument);
}
