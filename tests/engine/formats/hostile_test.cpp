// Files made to do harm: bombs, loops, links out of their folder, claims without end, parts that lie over each other. Each is
// refused in words, with at most 100 MB beside what the test has. `SPRITEKILN_TELL_TIMES=1 test_formats -tc="hostile*"` tells how
// long each takes.

#include <doctest/doctest.h>
#include <zlib.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "engine/formats/animation.h"
#include "engine/formats/ase/ase_file.h"
#include "engine/formats/image_file.h"
#include "engine/formats/image_folder.h"
#include "engine/formats/npz.h"
#include "engine/formats/palette_file.h"
#include "engine/formats/png_chunks.h"
#include "engine/formats/png_text.h"
#include "engine/formats/safetensors.h"
#include "engine/formats/sheet_json.h"
#include "engine/formats/torch_file.h"
#include "engine/formats/zip_archive.h"
#include "tests/engine/formats/support.h"
#include "tests/support/large_files.h"
#include "tests/support/memory.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using namespace kiln::test;

namespace {

constexpr std::size_t kMuch = std::size_t{100} << 20;

// What reading came to; anything but a refusal in words fails the test.
ErrorCode refused(const std::function<void()>& read) {
  static int number = 0;
  ++number;
  INFO("refusal ", number);
  Error error;
  const auto start = std::chrono::steady_clock::now();
  {
    const MemoryLimit limit(kMuch);
    error = error_of(read);
  }
  if (std::getenv("SPRITEKILN_TELL_TIMES") != nullptr)
    MESSAGE("refusal ", number, ": ", std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), " s");
  CHECK(error.message.find("hostile") != std::string::npos);  // the file's name
  CHECK(!error.hint.empty());
  return error.code;
}

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Bytes text(std::string_view characters) { return {characters.begin(), characters.end()}; }

Bytes little(std::uint64_t value, int size) {
  const std::string bytes = little_endian(value, size);
  return text(bytes);
}

Bytes big(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8),
          static_cast<std::uint8_t>(value)};
}

// `size` zeros, a hundred times smaller. `wrapped`: as zlib's stream; else the bare one of ZIP.
Bytes deflated_zeros(std::size_t size, bool wrapped) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 1, Z_DEFLATED, wrapped ? 15 : -15, 9, Z_DEFAULT_STRATEGY) == Z_OK);
  Bytes in(std::size_t{1} << 20, 0), out;
  Bytes part(std::size_t{1} << 16);
  std::size_t left = size;
  int state = Z_OK;
  while (state != Z_STREAM_END) {
    if (stream.avail_in == 0 && left > 0) {
      stream.next_in = in.data();
      stream.avail_in = static_cast<uInt>(std::min(left, in.size()));
      left -= stream.avail_in;
    }
    stream.next_out = part.data();
    stream.avail_out = static_cast<uInt>(part.size());
    state = deflate(&stream, left == 0 ? Z_FINISH : Z_NO_FLUSH);
    out.insert(out.end(), part.begin(), part.end() - static_cast<std::ptrdiff_t>(stream.avail_out));
  }
  deflateEnd(&stream);
  return out;
}

// A gigabyte.
const Bytes& zip_of_zeros(bool wrapped) {
  static const Bytes with = deflated_zeros(std::size_t{1} << 30, true), without = deflated_zeros(std::size_t{1} << 30, false);
  return wrapped ? with : without;
}

Bytes png_header(std::uint32_t width, std::uint32_t height) { return big(width) + big(height) + Bytes{8, 6, 0, 0, 0}; }

Bytes png_of(const std::vector<std::pair<std::string, Bytes>>& chunks) {
  Bytes png = png_beginning();
  for (const auto& [type, content] : chunks) append_png_chunk(png, type.c_str(), content);
  append_png_chunk(png, "IEND", {});
  return png;
}

Bytes ase_header(int frames, int width, int height) {
  return little(0, 4) + little(0xA5E0, 2) + little(static_cast<std::uint64_t>(frames), 2) +
         little(static_cast<std::uint64_t>(width), 2) + little(static_cast<std::uint64_t>(height), 2) + little(32, 2) +
         little(1, 4) + Bytes(110, 0);
}

Bytes ase_chunk(int type, const Bytes& content) {
  return little(content.size() + 6, 4) + little(static_cast<std::uint64_t>(type), 2) + content;
}

Bytes ase_frame(const std::vector<Bytes>& chunks) {
  Bytes all;
  for (const Bytes& chunk : chunks) all = std::move(all) + chunk;
  return little(all.size() + 16, 4) + little(0xF1FA, 2) + little(chunks.size(), 2) + little(100, 2) + Bytes(6, 0) + all;
}

Bytes ase_layer() {
  return ase_chunk(0x2004, little(1, 2) + little(0, 2) + Bytes(8, 0) + Bytes{255, 0, 0, 0} + little(1, 2) + text("a"));
}

// A cel of layer 0: kind 1 is a link to a frame, kind 2 compressed pixels.
Bytes ase_cel(int kind, const Bytes& content) {
  return ase_chunk(0x2005, Bytes(6, 0) + Bytes{255} + little(static_cast<std::uint64_t>(kind), 2) + Bytes(7, 0) + content);
}

Bytes ase_of(const Bytes& header, const std::vector<Bytes>& frames) {
  Bytes file = header;
  for (const Bytes& frame : frames) file = std::move(file) + frame;
  const Bytes size = little(file.size(), 4);
  std::copy(size.begin(), size.end(), file.begin());
  return file;
}

// A ZIP archive of one deflated member, listed `times` in its directory.
Bytes zip_bomb(const std::string& name, const Bytes& deflated, std::uint32_t claimed, int times) {
  const Bytes middle =
      little(20, 2) + little(0, 2) + little(8, 2) + little(0, 4) + little(0, 4) + little(deflated.size(), 4) + little(claimed, 4);
  Bytes file = text("PK\x03\x04") + middle + little(name.size(), 2) + little(0, 2) + text(name) + deflated;
  const std::size_t directory = file.size();
  for (int i = 0; i < times; ++i) {
    const std::string called = i == 0 ? name : name.substr(0, name.size() - 1) + std::to_string(i);
    file = std::move(file) + text("PK\x01\x02") + little(20, 2) + middle + little(called.size(), 2) + Bytes(12, 0) + little(0, 4) +
           text(called);
  }
  const std::size_t size = file.size() - directory;
  return std::move(file) + text("PK\x05\x06") + Bytes(4, 0) + little(static_cast<std::uint64_t>(times), 2) +
         little(static_cast<std::uint64_t>(times), 2) + little(size, 4) + little(directory, 4) + Bytes(2, 0);
}

}  // namespace

TEST_CASE("hostile PNGs: sizes without end, pixels that inflate for ever, frames that are not there") {
  const Bytes& bomb = zip_of_zeros(true);
  CHECK(refused([&] {
          decode_image(png_of({{"IHDR", png_header(100'000, 100'000)}, {"IDAT", bomb}}), "hostile.png");
        }) == ErrorCode::kUnsupported);
  CHECK(refused([&] {
          decode_image(png_of({{"IHDR", png_header(0x7fffffff, 1)}, {"IDAT", bomb}}), "hostile.png");
        }) == ErrorCode::kUnsupported);
  refused([&] { decode_image(png_of({{"IHDR", png_header(0, 16)}, {"IDAT", bomb}}), "hostile.png"); });
  const Bytes empty = deflated_zeros(4, true);
  const auto moving = [&](std::uint32_t frames, std::uint32_t width) {
    const Bytes control = big(0) + big(width) + big(1) + big(0) + big(0) + Bytes{0, 1, 0, 100, 0, 0};
    return png_of({{"IHDR", png_header(16, 16)}, {"acTL", big(frames) + big(0)}, {"fcTL", control}, {"IDAT", empty}});
  };
  refused([&] { decode_animation(moving(1'000'000'000, 16), "hostile.png"); });
  refused([&] { decode_animation(moving(2, 0x7fffffff), "hostile.png"); });
  // A sprite that lies in more pixels than it says: what is too much is not inflated.
  CHECK(refused([&] {
          decode_image(png_of({{"IHDR", png_header(16, 16)}, {"IDAT", bomb}}), "hostile.png");
        }) == ErrorCode::kCorrupt);
}

TEST_CASE("hostile texts in PNGs: a gigabyte of recipe") {
  const Bytes& bomb = zip_of_zeros(true);
  const Bytes content = text(std::string_view("spritekiln\0\1\0\0\0", 15)) + bomb;
  const Bytes png = png_of({{"IHDR", png_header(1, 1)}, {"iTXt", content}, {"IDAT", deflated_zeros(5, true)}});
  CHECK(refused([&] { png_text(png, "spritekiln", kMuch / 10, "hostile.png"); }) == ErrorCode::kCorrupt);
}

TEST_CASE("hostile images of other kinds claim sizes that they do not have") {
  refused([] { decode_image(text("P6\n100000 100000\n255\n"), "hostile.ppm"); });
  refused([] { decode_image(text("P6\n99999999999999999999 1\n255\n"), "hostile.ppm"); });
  const Bytes bmp = text("BM") + little(60, 4) + little(0, 4) + little(54, 4) + little(40, 4) + little(0x7fffffff, 4) +
                    little(0x7fffffff, 4) + little(1, 2) + little(32, 2) + Bytes(24, 0);
  refused([&] { decode_image(bmp, "hostile.bmp"); });
  const Bytes tga = Bytes{0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 32, 8};
  refused([&] { decode_image(tga, "hostile.tga"); });
  const Bytes webp = text("RIFF") + little(30, 4) + text("WEBPVP8X") + little(10, 4) + Bytes{2, 0, 0, 0} + Bytes{255, 255, 255} +
                     Bytes{255, 255, 255} + text("ANIM");
  refused([&] { decode_image(webp, "hostile.webp"); });
  refused([&] { decode_animation(webp, "hostile.webp"); });
  Bytes gif = text("GIF89a") + Bytes{255, 255, 255, 255, 0x80, 0, 0, 0, 0, 0, 255, 255, 255};
  for (int i = 0; i < 100'000; ++i) gif.insert(gif.end(), {0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0});
  gif.push_back(';');
  CHECK(refused([&] { decode_animation(gif, "hostile.gif"); }) == ErrorCode::kUnsupported);
}

TEST_CASE("hostile Aseprite files: frames and chunks without content, cels that link in a circle, pixels that inflate for ever") {
  std::vector<std::string> notes;
  const auto read = [&](const Bytes& file) { read_ase(file, "hostile.ase", notes); };
  refused([&] { read(ase_of(ase_header(65535, 65535, 65535), {ase_frame({ase_layer()})})); });
  refused([&] { read(ase_of(ase_header(65535, 16, 16), {ase_frame({ase_layer()})})); });
  const Bytes& pixels = zip_of_zeros(true);
  refused([&] {
    read(ase_of(ase_header(1, 16, 16), {ase_frame({ase_layer(), ase_cel(2, little(65535, 2) + little(65535, 2) + pixels)})}));
  });
  {  // more pixels than the cel has are not inflated
    const MemoryLimit limit(kMuch);
    read(ase_of(ase_header(1, 16, 16), {ase_frame({ase_layer(), ase_cel(2, little(4, 2) + little(4, 2) + pixels)})}));
  }
  refused([&] {
    read(
        ase_of(ase_header(2, 16, 16), {ase_frame({ase_layer(), ase_cel(1, little(1, 2))}), ase_frame({ase_cel(1, little(0, 2))})}));
  });
  Bytes over = ase_frame({ase_layer(), ase_layer()});
  over[16] = 200;  // the first chunk reaches over the second and out of the frame
  refused([&] { read(ase_of(ase_header(1, 16, 16), {over})); });
}

TEST_CASE("hostile arrays: shapes beyond all numbers, an archive that inflates for ever, members over each other") {
  const auto npy = [](const std::string& shape) {
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
    header += std::string(128 - 10 - header.size() - 1, ' ') + "\n";
    return text(std::string_view("\x93NUMPY\1\0", 8)) + little(header.size(), 2) + text(header) + Bytes(64, 0);
  };
  for (const char* shape :
       {"(1000000000, 1000000000, 1000000000)", "(4294967296, 4294967296)", "(18446744073709551615,)", "(-1, 16)"})
    refused([&] { parse_npy(npy(shape), "hostile.npy"); });
  refused([&] { parse_npy(npy("(" + std::string(60, '(')), "hostile.npy"); });
  const auto read = [](const Bytes& file) { parse_npz(*memory_source(file), "hostile.npz"); };
  const Bytes& bomb = zip_of_zeros(false);
  refused([&] { read(zip_bomb("a.npy", bomb, 0xfffffff0u, 1)); });
  refused([&] { read(zip_bomb("a.npy", bomb, 1000, 1)); });
  refused([&] { read(zip_bomb("a.npy", bomb, 1u << 20, 3)); });
}

TEST_CASE("hostile model files: headers, tensors and storages that lie") {
  const auto tensors = [](const std::string& header) { return little(header.size(), 8) + text(header) + Bytes(64, 0); };
  for (const char* header :
       {R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"b":{"dtype":"F32","shape":[16],"data_offsets":[0,64]}})",
        R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,64]}})",
        R"({"a":{"dtype":"F32","shape":[16],"data_offsets":[64,0]}})",
        R"({"a":{"dtype":"F32","shape":[-16],"data_offsets":[0,64]}})"})
    refused([&] { parse_safetensors(tensors(header), "hostile.safetensors"); });
  refused([&] { parse_safetensors(little(~std::uint64_t{0}, 8) + Bytes(64, 0), "hostile.safetensors"); });
  refused([&] { parse_safetensors(tensors(std::string(5'000'000, '[')), "hostile.safetensors"); });

  const TemporaryFolder folder;
  const auto pickle = [&](const std::string& content) {
    write_large_zip(folder / "hostile.pth", {{"m/data.pkl", content, content.size()}, {"m/data/0", "", 64}});
    return refused([&] { parse_torch_file(open_source(folder / "hostile.pth"), "hostile.pth"); });
  };
  pickle("\x80\x02" + std::string(5'000'000, '(') + ".");
  pickle("\x80\x02" + std::string(5'000'000, ']') + ".");
  pickle(std::string("\x80\x02]q\0h\0a.", 9));                       // a list in itself
  pickle("\x80\x02X" + little_endian(0xffffffffu, 4) + "abc.");      // a text longer than the file
  pickle("\x80\x02\x8b" + little_endian(0x7fffffffu, 4) + "\1\2.");  // a number longer than the file
  pickle(
      "\x80\x02"
      "cos\nsystem\n(X" +
      little_endian(4, 4) +
      "true"
      "tR.");                                              // a call
  pickle(pickled_state({{"a", {1'000'000'000, 1'000}}}));  // beyond its storage
}

TEST_CASE("hostile texts: nesting without end, frames and colours without end") {
  std::vector<std::string> notes;
  refused([&] { read_sheet_json(std::string(5'000'000, '['), "hostile.json", notes); });
  refused([&] { read_sheet_json(R"({"frames":)" + std::string(1'000'000, '{'), "hostile.json", notes); });
  std::string frames = R"({"frames":[)";
  for (int i = 0; i < 100'000; ++i) frames += R"({"frame":{"x":1e99,"y":-1,"w":1000000000,"h":1000000000}},)";
  frames += "{}]}";
  refused([&] { read_sheet_json(frames, "hostile.json", notes); });
  std::string colours = "JASC-PAL\n0100\n1000000000\n";
  for (int i = 0; i < 200'000; ++i) colours += "1 2 3\n";
  refused([&] { parse_palette(colours, "hostile.pal"); });
}

TEST_CASE("hostile folders: links in a circle and out of the folder are followed once") {
  const TemporaryFolder folder;
  const std::filesystem::path set = folder / "set";
  std::filesystem::create_directories(set / "potion");
  std::filesystem::create_directories(folder.path() / "elsewhere");
  write_png(set / "potion" / "a.png", Image(4, 4));
  write_png(folder / "elsewhere/b.png", Image(4, 4));
  std::filesystem::create_directory_symlink(set, set / "potion" / "again");
  std::filesystem::create_directory_symlink("..", set / "potion" / "up");
  std::filesystem::create_directory_symlink("loop", set / "loop");
  std::filesystem::create_directory_symlink(folder / "elsewhere", set / "potion" / "out");
  std::filesystem::create_directory_symlink(folder / "elsewhere", set / "sword");
  const MemoryLimit limit(kMuch);
  const ImageFolderListing listing = list_image_folder(set);
  CHECK(listing.images.size() == 2);  // each image once, by whatever way
}
