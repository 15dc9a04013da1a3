#include "engine/formats/animation.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>

#include "engine/formats/apng.h"
#include "engine/formats/image_file.h"
#include "engine/formats/npy.h"
#include "engine/formats/png_chunks.h"
#include "support.h"
#include "tests/support/memory.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using namespace kiln::test;

namespace {

constexpr const char* kFiles[] = {"moving.gif", "blended.png", "moving.png", "moving.webp", "parts.gif"};  // as in animations.npy

// What frame `frame` of file `file` shows: 4 rows of 6 pixels.
Image expected(std::size_t file, std::size_t frame) {
  const NpyArray array = read_npy(golden("animations.npy"));
  Image image(6, 4);
  std::memcpy(image.rgba.data(), array.bytes.data() + (file * 3 + frame) * image.rgba.size(), image.rgba.size());
  return image;
}

bool looks_like(const Image& image, const Image& other, int tolerance) {
  if (image.width != other.width || image.height != other.height) return false;
  for (std::size_t i = 0; i < image.rgba.size(); ++i) {
    const bool hidden = image.rgba[i / 4 * 4 + 3] == 0 && other.rgba[i / 4 * 4 + 3] == 0;
    if (!hidden && std::abs(image.rgba[i] - other.rgba[i]) > tolerance) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("each frame of an animation is what a player shows") {
  for (std::size_t file = 0; file < std::size(kFiles); ++file) {
    CAPTURE(kFiles[file]);
    const auto frames = decode_animation(read_file(golden(kFiles[file])), kFiles[file]);
    REQUIRE(frames.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
      CAPTURE(i);
      CHECK(looks_like(frames[i].image, expected(file, i), std::string(kFiles[file]) == "blended.png" ? 1 : 0));
    }
    CHECK(read_image(golden(kFiles[file])) == frames[0].image);
  }
}

namespace {

// A GIF of red, green, blue and black on a canvas of that size.
Bytes gif_of(std::uint8_t width, std::uint8_t height, std::initializer_list<Bytes> frames) {
  Bytes gif = {'G', 'I', 'F', '8', '9', 'a', width, 0, height, 0, 0x81, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0};
  for (const Bytes& frame : frames) gif.insert(gif.end(), frame.begin(), frame.end());
  gif.push_back(';');
  return gif;
}

// One or two pixels beside each other. Codes of three bits: 4 clears the table, and 5 ends.
Bytes gif_frame(std::uint8_t x, std::uint8_t disposal, std::initializer_list<unsigned> pixels) {
  const auto width = static_cast<std::uint8_t>(pixels.size());
  unsigned bits = 0, size = 0;
  for (const unsigned pixel : pixels) bits |= (4 | pixel << 3) << size, size += 6;
  bits |= 5 << size;
  return {0x21,
          0xf9,
          4,
          static_cast<std::uint8_t>(disposal << 2),
          5,
          0,
          0,
          0,
          0x2c,
          x,
          0,
          0,
          0,
          width,
          0,
          1,
          0,
          0,
          2,
          2,
          static_cast<std::uint8_t>(bits),
          static_cast<std::uint8_t>(bits >> 8),
          0};
}

constexpr std::uint8_t kRed[4] = {255, 0, 0, 255}, kGreen[4] = {0, 255, 0, 255}, kBlue[4] = {0, 0, 255, 255};

bool shows_row(const Image& image, std::initializer_list<const std::uint8_t*> colours) {
  if (image.height != 1 || image.width != static_cast<int>(colours.size())) return false;
  int x = 0;
  return std::all_of(colours.begin(), colours.end(),
                     [&](const std::uint8_t* c) { return std::equal(c, c + 4, image.pixel(x++, 0)); });
}

}  // namespace

TEST_CASE("a GIF's fourth way of disposal is “as before”, as players have it") {
  const auto frames =
      decode_animation(gif_of(2, 1, {gif_frame(0, 1, {0, 0}), gif_frame(0, 4, {1}), gif_frame(1, 0, {2})}), "x.gif");
  REQUIRE(frames.size() == 3);
  CHECK(shows_row(frames[0].image, {kRed, kRed}));
  CHECK(shows_row(frames[1].image, {kGreen, kRed}));
  CHECK(shows_row(frames[2].image, {kRed, kBlue}));
}

TEST_CASE("a GIF's first frame that is larger than the canvas is whole") {
  const Bytes gif = gif_of(1, 1, {gif_frame(0, 1, {0, 1}), gif_frame(1, 0, {2})});
  const auto frames = decode_animation(gif, "x.gif");
  REQUIRE(frames.size() == 2);
  CHECK(shows_row(frames[0].image, {kRed, kGreen}));
  CHECK(shows_row(frames[1].image, {kRed, kBlue}));
  CHECK(shows_row(decode_image(gif, "x.gif"), {kRed, kGreen}));
}

TEST_CASE("a wrong checksum of any chunk of an animated PNG is found") {
  const Bytes whole = read_file(golden("moving.png"));
  for (const std::string_view type : {"acTL", "fcTL", "fdAT", "IDAT"}) {
    CAPTURE(type);
    Bytes bytes = whole;
    const auto at = std::search(bytes.begin(), bytes.end(), type.begin(), type.end());
    REQUIRE(at != bytes.end());
    const std::size_t length = png_number(whole, static_cast<std::size_t>(at - bytes.begin()) - 4);
    *(at + 4 + static_cast<std::ptrdiff_t>(length)) ^= 1;
    const Error error = error_of([&] { decode_animation(bytes, "x.png"); });
    CHECK(error.code == ErrorCode::kCorrupt);
    CHECK(error.message.find("checksum") != std::string::npos);
  }
}

TEST_CASE("how long each frame stands") {
  for (const std::string name : {"moving.gif", "moving.png", "moving.webp"}) {
    CAPTURE(name);
    const auto frames = decode_animation(read_file(golden(name)), name);
    REQUIRE(frames.size() == 3);
    CHECK(frames[0].milliseconds == 100);
    CHECK(frames[1].milliseconds == 50);
    CHECK(frames[2].milliseconds == 200);
  }
}

TEST_CASE("images that do not move are one frame") {
  for (const std::string name : {"still.webp", "rgba.png", "indexed.gif", "rgb.bmp"}) {
    CAPTURE(name);
    const auto frames = decode_animation(read_file(golden(name)), name);
    REQUIRE(frames.size() == 1);
    CHECK(frames[0].image == read_image(golden(name)));
  }
  CHECK(looks_like(read_image(golden("still.webp")), expected(0, 1), 0));
}

TEST_CASE("an animation that is cut off is refused by name, wherever the cut is; a GIF may lack its last byte") {
  for (const std::string name : kFiles) {
    const Bytes whole = read_file(golden(name));
    for (std::size_t size = 0; size + 13 < whole.size(); ++size) {
      INFO(name, " ", size);
      try {
        const auto frames = decode_animation({whole.data(), size}, name);
        // What ends between two frames is whole as far as it goes.
        CHECK(frames.size() < 3);
      } catch (const Failure& failure) {
        CHECK(failure.error().message.find(name) != std::string::npos);
      }
    }
  }
  Bytes whole = read_file(golden("parts.gif"));
  whole.pop_back();
  CHECK(decode_animation(whole, "parts.gif").size() == 3);
}

TEST_CASE("animations of absurd sizes are refused before they are decoded") {
  Bytes gif = read_file(golden("parts.gif"));
  gif[6] = gif[8] = 0;
  gif[7] = gif[9] = 0x20;  // 8192×8192
  CHECK(error_of([&] { decode_animation(gif, "big.gif"); }).code == ErrorCode::kUnsupported);
  Bytes png = read_file(golden("moving.png"));
  std::size_t at = 0;
  while (std::memcmp(png.data() + at, "fcTL", 4) != 0) ++at;
  png[at + 8] = 0x7f;  // the frame's width
  CHECK_THROWS_AS(decode_animation(png, "wide.png"), Failure);
}

TEST_CASE("hostile animations are refused before memory is taken for them") {
  // A GIF of 8192×8192 with many frames of one pixel, and an APNG that says so.
  Bytes gif = {'G', 'I', 'F', '8', '9', 'a', 0, 0x20, 0, 0x20, 0x80, 0, 0, 0, 0, 0, 255, 255, 255};
  for (int i = 0; i < 1000; ++i) gif.insert(gif.end(), {0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0});
  gif.push_back(';');
  const Error error = error_of([&] {
    const MemoryLimit limit(std::size_t{100} << 20);
    decode_animation(gif, "many.gif");
  });
  CHECK(error.code == ErrorCode::kUnsupported);
  CHECK(error.message.find("1000 frames") != std::string::npos);
  gif.resize(19 + 15);
  gif[7] = gif[9] = 0;
  gif[6] = gif[8] = 1;
  CHECK(decode_animation(gif, "one.gif").size() == 1);
}

TEST_CASE("an animated PNG comes back frame by frame, and its still picture is the last one or the first") {
  std::vector<AnimationFrame> frames;
  for (int i = 0; i < 3; ++i) frames.push_back({expected(2, static_cast<std::size_t>(i)), 80 + 500 * i});
  const Bytes png = encode_apng(frames, true);
  const auto read = decode_animation(png, "x");
  REQUIRE(read.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(looks_like(read[i].image, frames[i].image, 0));
    CHECK(read[i].milliseconds == frames[i].milliseconds);
  }
  CHECK(looks_like(decode_image(png, "x"), frames[2].image, 0));
  const Bytes first = encode_apng(frames, true, StillFrame::kFirst);
  const auto again = decode_animation(first, "x");
  REQUIRE(again.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(looks_like(again[i].image, frames[i].image, 0));
  CHECK(looks_like(decode_image(first, "x"), frames[0].image, 0));
  CHECK(error_of([] { encode_apng({}, true); }).code == ErrorCode::kInvalidArgument);
  CHECK(error_of([] { encode_apng({{Image(2, 2), 10}, {Image(2, 3), 10}}, true); }).code == ErrorCode::kInvalidArgument);
  CHECK(error_of([] { encode_apng({{Image(2, 2), 100'000}}, true); }).code == ErrorCode::kInvalidArgument);
}
