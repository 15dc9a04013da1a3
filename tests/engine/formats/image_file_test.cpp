#include "engine/formats/image_file.h"

#include <doctest/doctest.h>

#include "engine/formats/png_chunks.h"
#include "support.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using namespace kiln::test;

namespace {

// The 5×4 picture in the golden files, which another library wrote.
Image pattern(bool with_alpha) {
  Image image(5, 4);
  constexpr int kAlpha[5] = {255, 0, 128, 1, 254};
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 5; ++x) {
      std::uint8_t* pixel = image.pixel(x, y);
      pixel[0] = static_cast<std::uint8_t>(x * 50 + y * 3);
      pixel[1] = static_cast<std::uint8_t>(y * 60 + 10);
      pixel[2] = static_cast<std::uint8_t>(x * 7 + y * 11 + 128);
      pixel[3] = static_cast<std::uint8_t>(with_alpha ? kAlpha[x] : 255);
    }
  }
  return image;
}

std::vector<std::uint8_t> rgba(const Image& image, int x, int y) { return {image.pixel(x, y), image.pixel(x, y) + 4}; }

}  // namespace

TEST_CASE("pictures of other programs, pixel by pixel") {
  CHECK(read_image(golden("rgba.png")) == pattern(true));
  CHECK(read_image(golden("rgba.tga")) == pattern(true));
  CHECK(read_image(golden("rle.tga")) == pattern(true));
  for (const std::string name : {"rgb.png", "rgb.bmp", "rgb.ppm"}) {
    INFO(name);
    CHECK(read_image(golden(name)) == pattern(false));
  }
  const Image grey = read_image(golden("grey.png"));
  CHECK(rgba(grey, 2, 1) == std::vector<std::uint8_t>{103, 103, 103, 255});
}

TEST_CASE("indexed pictures and their transparent colour") {
  const Image png = read_image(golden("indexed.png"));
  CHECK(rgba(png, 0, 0) == std::vector<std::uint8_t>{255, 0, 0, 255});
  CHECK(rgba(png, 1, 0)[3] == 0);
  CHECK(rgba(png, 0, 1) == std::vector<std::uint8_t>{0, 0, 255, 255});
  const Image gif = read_image(golden("indexed.gif"));
  CHECK(rgba(gif, 2, 0) == std::vector<std::uint8_t>{0, 0, 255, 255});
  CHECK(rgba(gif, 1, 1)[3] == 0);
}

TEST_CASE("a PNG that is written is read back to the pixel, colour under zero alpha included") {
  const Image image = pattern(true);
  CHECK(decode_image(encode_png(image), "x") == image);
  CHECK(encode_png(image) == encode_png(image));
  const TemporaryFolder scratch;
  write_png(scratch / "a.png", image);
  CHECK(read_image(scratch / "a.png") == image);
  CHECK(error_of([] { encode_png(Image()); }).code == ErrorCode::kInvalidArgument);
}

TEST_CASE("a file that is cut off is refused by name, wherever the cut is") {
  for (const std::string name : {"rgba.png", "rgb.bmp", "rgba.tga", "rle.tga", "rgb.ppm", "photo.jpg", "indexed.gif"}) {
    const Bytes whole = read_file(golden(name));
    REQUIRE_NOTHROW(decode_image(whole, name));
    for (const std::size_t percent : {0, 3, 20, 50, 90}) {
      INFO(name, " ", percent);
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() * percent / 100));
      if (name.ends_with(".tga") && percent == 90) continue;  // only its footer is missing
      const Error error = error_of([&] { decode_image(cut, name); });
      CHECK(error.code == ErrorCode::kCorrupt);
      CHECK(error.message.find(name) != std::string::npos);
    }
  }
}

TEST_CASE("what is no picture is refused") {
  const std::string text = "This is a note about the sprites, not a picture of them.";
  CHECK(error_of([&] { decode_image(Bytes(text.begin(), text.end()), "note.png"); }).code == ErrorCode::kCorrupt);
  CHECK(error_of([] { decode_image({}, "empty.png"); }).message == "“empty.png” is empty");
  CHECK(error_of([] { read_image("/nowhere/at/all.png"); }).code == ErrorCode::kNotFound);
}

TEST_CASE("absurd sizes are refused before anything is decoded") {
  Bytes bytes = read_file(golden("rgba.png"));
  const auto set_size = [&](std::uint32_t width, std::uint32_t height) {
    for (std::size_t i = 0; i < 4; ++i) {
      bytes[16 + i] = static_cast<std::uint8_t>(width >> (24 - 8 * i));
      bytes[20 + i] = static_cast<std::uint8_t>(height >> (24 - 8 * i));
    }
  };
  set_size(16385, 1);
  CHECK(error_of([&] { decode_image(bytes, "wide.png"); }).code == ErrorCode::kUnsupported);
  set_size(16000, 16000);
  CHECK(error_of([&] { decode_image(bytes, "big.png"); }).code == ErrorCode::kUnsupported);
  set_size(0x00ffffff, 0x00ffffff);
  CHECK(error_of([&] { decode_image(bytes, "huge.png"); }).code == ErrorCode::kUnsupported);
  set_size(8000, 8000);  // allowed, but not from so few bytes
  CHECK(error_of([&] { decode_image(bytes, "claim.png"); }).code == ErrorCode::kCorrupt);
}

TEST_CASE("what claims more pixels than its bytes can hold is refused before memory is taken for them") {
  const auto refused = [](Bytes bytes, const std::string& name) {
    bytes.resize(12'000, 7);
    return error_of([&] { decode_image(bytes, name); }).detail == "fewer bytes than its size needs";
  };
  // 16384×4096: a BMP of 24 bits, a TGA in runs, a PSD, and a PNG of 16 bits per channel.
  CHECK(
      refused({'B', 'M', 0, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 0, 64, 0, 0, 0, 16, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 0, 0},
              "claim.bmp"));
  CHECK(refused({0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 0, 16, 32, 8}, "claim.tga"));
  CHECK(refused({'8', 'B', 'P', 'S', 0, 1, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 16, 0, 0, 0, 64, 0, 0, 8, 0, 3}, "claim.psd"));
  Bytes png = png_beginning();
  append_png_chunk(png, "IHDR", Bytes{0, 0, 64, 0, 0, 0, 16, 0, 16, 6, 0, 0, 0});
  append_png_chunk(png, "IDAT", Bytes(8000, 1));
  append_png_chunk(png, "IEND", {});
  CHECK(error_of([&] { decode_image(png, "claim.png"); }).detail == "fewer bytes than its size needs");
}

TEST_CASE("a JPEG whose tables claim too many codes is refused before it is decoded") {
  Bytes bytes = read_file(golden("photo.jpg"));
  std::size_t at = 0;
  while (bytes[at] != 0xff || bytes[at + 1] != 0xc4) ++at;
  for (std::size_t i = 0; i < 16; ++i) bytes[at + 5 + i] = 17;
  CHECK(error_of([&] { decode_image(bytes, "tables.jpg"); }).code == ErrorCode::kCorrupt);
}

TEST_CASE("a JPEG that claims more than its bytes can hold is refused before it is decoded") {
  const Bytes photo = read_file(golden("photo.jpg"));
  const auto find = [&](std::uint8_t marker) {
    std::size_t at = 0;
    while (photo[at] != 0xff || photo[at + 1] != marker) ++at;
    return at;
  };
  Bytes large = photo;
  const std::size_t size = find(0xc0) + 5;
  for (const std::size_t i : {size, size + 2}) large[i] = 0x10;  // 4096 and more, from some hundred bytes
  CHECK(error_of([&] { decode_image(large, "large.jpg"); }).code == ErrorCode::kCorrupt);

  const auto scan = photo.begin() + static_cast<std::ptrdiff_t>(find(0xda));
  const Bytes one_scan(scan, photo.end() - 2);
  Bytes slow = photo;
  for (int i = 0; i < 501; ++i) slow.insert(slow.end() - 2, one_scan.begin(), one_scan.end());
  CHECK(error_of([&] { decode_image(slow, "slow.jpg"); }).detail == "too many scans");
}

TEST_CASE("Netpbm images: text and binary, grey and colour, comments, any largest value") {
  using Pixels = std::vector<std::uint8_t>;
  const auto read = [](const std::string& text) { return decode_image(Bytes(text.begin(), text.end()), "x.pnm"); };
  CHECK(read("P2 # grey\n2 1\n# of three\n3 0 3").rgba == Pixels{0, 0, 0, 255, 255, 255, 255, 255});
  CHECK(read("P3\n1 1\n15\n15 0 5\n").rgba == Pixels{255, 0, 85, 255});
  CHECK(read(std::string("P5\n1 2\n255\n\x07\xff", 13)).rgba == Pixels{7, 7, 7, 255, 255, 255, 255, 255});
  CHECK(read(std::string("P6\n1 1\n65535\n\xff\xff\x80\x00\x00\x00", 19)).rgba == Pixels{255, 128, 0, 255});
  CHECK(read(std::string("P5\n1 1\n256\n\x01\x00", 13)).rgba == Pixels{255, 255, 255, 255});
  for (const std::string bad : {"P6\n1 1\n255\n\x01\x02", "P5\n1 1\n55", "P6\n1 1\n0\n111", "P5\n0 1\n255\n1", "P2\n1 1\n3 4",
                                "P2\n1 1\n3 ", "P5\n99999999999999999999 1\n255\n1", "P5\n9000 9000\n255\n1"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(read(bad), Failure);
  }
}

TEST_CASE("a wrong checksum is told, wherever it is") {
  const Bytes whole = read_file(golden("indexed.png"));
  for (std::size_t i = 8; i + 12 <= whole.size();) {
    const std::size_t length = std::size_t{whole[i]} << 24 | whole[i + 1] << 16 | whole[i + 2] << 8 | whole[i + 3];
    const std::string type(whole.begin() + static_cast<std::ptrdiff_t>(i) + 4, whole.begin() + static_cast<std::ptrdiff_t>(i) + 8);
    CAPTURE(type);
    Bytes damaged = whole;
    damaged[i + 8 + length] ^= 1;
    const bool needed = type == "tRNS" || (type[0] >= 'A' && type[0] <= 'Z');
    const Error error = needed ? error_of([&] { decode_image(damaged, "d.png"); }) : Error{};
    if (needed) CHECK(error.message == "“d.png” is damaged: a checksum is wrong");
    if (!needed) CHECK_NOTHROW(decode_image(damaged, "d.png"));
    i += length + 12;
  }
}

TEST_CASE("what is called .png and is something else is called what it is") {
  const auto said = [](const std::string& text) {
    const Error error = error_of([&] { decode_image(Bytes(text.begin(), text.end()), "x.png"); });
    CHECK(error.code == ErrorCode::kUnsupported);
    return error.message;
  };
  CHECK(said("version https://git-lfs.github.com/spec/v1\noid sha256:0\n").find("Git LFS") != std::string::npos);
  CHECK(said("<!DOCTYPE html><html></html>").find("web page") != std::string::npos);
  CHECK(said("<svg xmlns=''/>").find("vector") != std::string::npos);
  CHECK(said(std::string("\0\0\0\x20", 4) + "ftypavif0000").find("AVIF") != std::string::npos);
}

TEST_CASE("a 32-bit TGA or BMP whose alpha is 0 everywhere is opaque") {
  Bytes bytes = read_file(golden("rgba.tga"));
  const std::size_t start = 18 + bytes[0];
  for (std::size_t i = 0; i < 20; ++i) bytes[start + 4 * i + 3] = 0;
  CHECK(decode_image(bytes, "x.tga") == pattern(false));
}

namespace {

// A BMP of the pattern: `header` is what its header has beyond the first 40 bytes.
Bytes bmp_of(const Image& image, int bits, bool top_down, std::uint32_t compression, const Bytes& header, const Bytes& gap = {}) {
  const auto put = [](Bytes& bytes, std::uint32_t number, int size) {
    for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(number >> 8 * i));
  };
  Bytes bytes = {'B', 'M', 0, 0, 0, 0, 0, 0, 0, 0};
  put(bytes, static_cast<std::uint32_t>(54 + header.size() + gap.size()), 4);
  put(bytes, static_cast<std::uint32_t>(40 + header.size()), 4);
  put(bytes, static_cast<std::uint32_t>(image.width), 4);
  put(bytes, static_cast<std::uint32_t>(top_down ? -image.height : image.height), 4);
  put(bytes, 1, 2);
  put(bytes, static_cast<std::uint32_t>(bits), 2);
  put(bytes, compression, 4);
  bytes.resize(54);
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.insert(bytes.end(), gap.begin(), gap.end());
  for (int row = 0; row < image.height; ++row) {
    for (int x = 0; x < image.width; ++x) {
      const std::uint8_t* pixel = image.pixel(x, top_down ? row : image.height - 1 - row);
      for (const int channel : {2, 1, 0}) bytes.push_back(pixel[channel]);
      if (bits == 32) bytes.push_back(pixel[3]);
    }
    if (bits == 24) bytes.resize(bytes.size() + static_cast<std::size_t>(-3 * image.width & 3));
  }
  return bytes;
}

constexpr std::uint32_t kMasks = 3;  // a compression
const Bytes kColourMasks = {0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0}, kAlphaMask = {0, 0, 0, 255};

Bytes joined_bytes(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

TEST_CASE("a BMP may have its rows from the top down") {
  for (const bool top_down : {false, true}) {
    CHECK(decode_image(bmp_of(pattern(false), 24, top_down, 0, {}), "x.bmp") == pattern(false));
    CHECK(decode_image(bmp_of(pattern(true), 32, top_down, 0, {}), "x.bmp") == pattern(true));
  }
  Bytes lowest = bmp_of(pattern(false), 24, true, 0, {});
  for (std::size_t i = 22; i < 26; ++i) lowest[i] = i == 25 ? 128 : 0;
  CHECK(error_of([&] { decode_image(lowest, "x.bmp"); }).code == ErrorCode::kUnsupported);
}

TEST_CASE("BMP headers of 52, 56 and 64 bytes are read") {
  const Bytes with_alpha = joined_bytes(kColourMasks, kAlphaMask);
  CHECK(decode_image(bmp_of(pattern(true), 32, false, kMasks, with_alpha), "x.bmp") == pattern(true));
  CHECK(decode_image(bmp_of(pattern(true), 32, true, 0, with_alpha), "x.bmp") == pattern(true));
  CHECK(decode_image(bmp_of(pattern(true), 32, false, kMasks, kColourMasks), "x.bmp") == pattern(false));
  CHECK(decode_image(bmp_of(pattern(false), 24, false, 0, Bytes(24, 7)), "x.bmp") == pattern(false));
}

TEST_CASE("a TGA may have its rows from right to left") {
  Bytes bytes = read_file(golden("rgba.tga"));
  bytes[17] |= 16;
  const Image mirrored = decode_image(bytes, "x.tga"), straight = pattern(true);
  for (int x = 0; x < 5; ++x) CHECK(rgba(mirrored, x, 1) == rgba(straight, 4 - x, 1));
}

TEST_CASE("a TGA's colours may be numbered from another than 0") {
  // 3×1, indices 9, 8 and 9; two colours from 8 on, blue first in each.
  const Bytes bytes = {2,   1,   1,  8,  0,  2,  0,  24, 0, 0, 0, 0, 3, 0, 1, 0, 8, 32,  // header
                       'i', 'd', 30, 20, 10, 60, 50, 40, 9, 8, 9};
  const Image image = decode_image(bytes, "x.tga");
  CHECK(rgba(image, 0, 0) == std::vector<std::uint8_t>{40, 50, 60, 255});
  CHECK(rgba(image, 1, 0) == std::vector<std::uint8_t>{10, 20, 30, 255});
  CHECK(rgba(image, 2, 0) == std::vector<std::uint8_t>{40, 50, 60, 255});
}

TEST_CASE("a wrong sum over a PNG's pixels is found though each chunk's checksum is right") {
  Bytes png = png_beginning();
  const Bytes whole = read_file(golden("rgba.png"));
  for (const PngChunk& chunk : png_chunks(whole)) {
    Bytes data(chunk.data.begin(), chunk.data.end());
    if (chunk.type == "IDAT") data.back() ^= 1;
    append_png_chunk(png, chunk.type, data);
  }
  const Error error = error_of([&] { decode_image(png, "x.png"); });
  CHECK(error.code == ErrorCode::kCorrupt);
  CHECK(error.message.find("checksum") != std::string::npos);
}
