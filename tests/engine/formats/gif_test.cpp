#include "engine/formats/gif.h"

#include <doctest/doctest.h>
#include <gif_lib.h>

#include <cstring>
#include <set>

#include "engine/formats/image_file.h"
#include "engine/formats/median_cut.h"
#include "support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

struct Played {
  std::vector<Image> frames;
  std::vector<int> delays_ms;
  bool loops = false;
};

// Plays a GIF as a viewer does: each frame drawn over what the frame before left behind.
Played play(const Bytes& bytes) {
  struct Source {
    const Bytes* bytes;
    std::size_t at;
  } source{&bytes, 0};
  int error = 0;
  GifFileType* gif = DGifOpen(
      &source,
      [](GifFileType* file, GifByteType* target, int size) {
        auto* from = static_cast<Source*>(file->UserData);
        const auto count = std::min(static_cast<std::size_t>(size), from->bytes->size() - from->at);
        std::memcpy(target, from->bytes->data() + from->at, count);
        from->at += count;
        return static_cast<int>(count);
      },
      &error);
  REQUIRE(gif);
  REQUIRE(DGifSlurp(gif) == GIF_OK);
  Played played;
  Image canvas(gif->SWidth, gif->SHeight);
  for (int f = 0; f < gif->ImageCount; ++f) {
    const SavedImage& saved = gif->SavedImages[f];
    for (int e = 0; e < saved.ExtensionBlockCount; ++e) {
      const ExtensionBlock& block = saved.ExtensionBlocks[e];
      if (block.Function == APPLICATION_EXT_FUNC_CODE && !std::memcmp(block.Bytes, "NETSCAPE2.0", 11)) played.loops = true;
    }
    GraphicsControlBlock control{};
    REQUIRE(DGifSavedExtensionToGCB(gif, f, &control) == GIF_OK);
    for (int i = 0; i < canvas.width * canvas.height; ++i) {
      const int index = saved.RasterBits[i];
      if (index == control.TransparentColor) continue;
      const GifColorType& colour = saved.ImageDesc.ColorMap->Colors[index];
      std::uint8_t* pixel = canvas.rgba.data() + 4 * i;
      pixel[0] = colour.Red, pixel[1] = colour.Green, pixel[2] = colour.Blue, pixel[3] = 255;
    }
    played.frames.push_back(canvas);
    played.delays_ms.push_back(control.DelayTime * 10);
    if (control.DisposalMode == DISPOSE_BACKGROUND) canvas = Image(canvas.width, canvas.height);
  }
  DGifCloseFile(gif, &error);
  return played;
}

Image frame(int seed) {
  Image image(7, 5);
  for (int i = 0; i < 35; ++i) {
    if ((i + seed) % 3 == 0) continue;
    std::uint8_t* pixel = image.rgba.data() + 4 * i;
    pixel[0] = static_cast<std::uint8_t>(i * 7), pixel[1] = static_cast<std::uint8_t>(seed * 40), pixel[2] = 9, pixel[3] = 255;
  }
  return image;
}

}  // namespace

TEST_CASE("frames come out to the pixel, also where the one before must vanish") {
  const std::vector<Image> frames = {frame(0), frame(1), Image(7, 5), frame(2)};
  const Played played = play(encode_gif(frames, {40, 100, 255, 1}, true));
  CHECK(played.frames == frames);
  CHECK(played.delays_ms == std::vector<int>{40, 100, 260, 20});
  CHECK(played.loops);
  CHECK_FALSE(play(encode_gif(frames, {40, 40, 40, 40}, false)).loops);
  CHECK(decode_image(encode_gif({frame(1)}, {40}, false), "x.gif") == frame(1));
}

TEST_CASE("256 opaque colours are exact; alpha is cut at its half") {
  Image image(16, 16);
  for (int i = 0; i < 256; ++i) {
    std::uint8_t* pixel = image.rgba.data() + 4 * i;
    pixel[0] = static_cast<std::uint8_t>(i), pixel[1] = static_cast<std::uint8_t>(255 - i), pixel[2] = 77, pixel[3] = 255;
  }
  CHECK(play(encode_gif({image}, {40}, true)).frames[0] == image);
  image.rgba[3] = 128;
  image.rgba[7] = 127;
  const Image cut = play(encode_gif({image}, {40}, true)).frames[0];
  CHECK(cut.rgba[3] == 255);
  CHECK(cut.rgba[7] == 0);
}

TEST_CASE("more colours are reduced to near ones") {
  Image image(64, 64);
  for (int i = 0; i < 64 * 64; ++i) {
    std::uint8_t* pixel = image.rgba.data() + 4 * i;
    pixel[0] = static_cast<std::uint8_t>(i % 64 * 4), pixel[1] = static_cast<std::uint8_t>(i / 64 * 4), pixel[2] = 0,
    pixel[3] = 255;
  }
  const Image reduced = play(encode_gif({image}, {40}, true)).frames[0];
  std::set<std::vector<std::uint8_t>> colours;
  int worst = 0;
  for (std::size_t i = 0; i < image.rgba.size(); ++i) worst = std::max(worst, std::abs(image.rgba[i] - reduced.rgba[i]));
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) colours.insert({&reduced.rgba[i], &reduced.rgba[i] + 4});
  CHECK(colours.size() <= 256);
  CHECK(colours.size() > 200);
  CHECK(worst <= 16);
}

TEST_CASE("median cut keeps few colours as they are and puts many into means") {
  CHECK(median_cut({{{1, 2, 3}, 5}, {{9, 9, 9}, 1}}, 2) == std::vector<Rgb8>{{1, 2, 3}, {9, 9, 9}});
  CHECK(median_cut({{{0, 0, 0}, 3}, {{4, 0, 0}, 1}, {{200, 0, 0}, 4}}, 2) == std::vector<Rgb8>{{1, 0, 0}, {200, 0, 0}});
  CHECK(median_cut({}, 4).empty());
}

TEST_CASE("frames that make no animation are refused") {
  CHECK(error_of([] { encode_gif({}, {}, true); }).code == ErrorCode::kInvalidArgument);
  CHECK(error_of([] { encode_gif({Image(2, 2), Image(2, 3)}, {40, 40}, true); }).code == ErrorCode::kInvalidArgument);
  CHECK(error_of([] { encode_gif({Image(2, 2)}, {}, true); }).code == ErrorCode::kInvalidArgument);
  CHECK(error_of([] { encode_gif({Image()}, {40}, true); }).code == ErrorCode::kInvalidArgument);
}
