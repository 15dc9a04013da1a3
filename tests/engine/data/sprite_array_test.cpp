#include "engine/data/sprite_source.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "tests/engine/data/arrays.h"
#include "tests/engine/data/folders.h"
#include "tests/engine/data/support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

SpriteSource array_source(const TemporaryFolder& folder, const std::string& labels = {}) {
  SpriteSource source;
  source.path = (folder / "set.npy").string();
  if (!labels.empty()) source.labels = (folder / labels).string();
  return source;
}

}  // namespace

TEST_CASE("arrays of bytes and of real numbers give the same sprites; labels as numbers, and as rows of ones") {
  const TemporaryFolder folder;
  // Three sprites of 1×2, RGBA.
  const std::vector<std::uint8_t> bytes = {255, 0,  51, 255, 0,   0, 0, 0,   0, 102, 0, 255,
                                           10,  20, 30, 255, 204, 0, 0, 255, 0, 0,   0, 255};
  write_array(folder / "set.npy", "u1", {3, 1, 2, 4}, bytes);
  write_array<std::int64_t>(folder / "numbers.npy", "i8", {3}, {2, 0, 2});
  write_array<double>(folder / "ones.npy", "f8", {3, 3}, {0, 0, 1, 1, 0, 0, 1, 0, 1});
  write_array<std::int64_t>(folder / "few.npy", "i8", {2}, {0, 1});

  SpriteSource source = array_source(folder, "numbers.npy");
  source.class_names = {"axe", "bow", "cup"};
  const auto read = read_collection(source);
  REQUIRE(read.sprites.size() == 3);
  CHECK(read.sprites[0].class_name == "cup");
  CHECK(read.sprites[1].class_name == "axe");
  CHECK(read.sprites[1].file == "set.npy[1]");
  CHECK(read.sprites[0].image.width == 2);
  CHECK(read.sprites[0].image.height == 1);
  CHECK(read.sprites[0].image.rgba == std::vector<std::uint8_t>{255, 0, 51, 255, 0, 0, 0, 0});

  const auto hot = read_collection(array_source(folder, "ones.npy"));
  CHECK(hot.sprites[0].class_name == "class 2");
  CHECK(hot.sprites[2].class_name == "class 0+class 2");
  CHECK(hot.notes.size() == 1);

  std::vector<float> unit, both_signs;
  for (const auto byte : bytes) unit.push_back(byte / 255.0f), both_signs.push_back(byte / 127.5f - 1);
  for (const auto& values : {unit, both_signs}) {
    write_array(folder / "set.npy", "f4", {3, 1, 2, 4}, values);
    const auto real = read_collection(array_source(folder));
    REQUIRE(real.sprites.size() == 3);
    CHECK(real.sprites[0].class_name == "set");
    for (std::size_t i = 0; i < 3; ++i) CHECK(real.sprites[i].image == read.sprites[i].image);
  }

  CHECK(error_of([&] { read_collection(array_source(folder, "few.npy")); }).message.find("(2)") != std::string::npos);
  source.class_names = {"axe"};
  CHECK(error_of([&] { read_collection(source); }).message.find("label 2") != std::string::npos);
}

TEST_CASE("the range of an array's numbers: what lies a little beyond it, and single outliers, are clamped and counted") {
  const TemporaryFolder folder;
  const auto note = [&](const std::vector<int>& expected) {
    const auto read = read_collection(array_source(folder));
    std::vector<int> values;
    for (const auto& sprite : read.sprites) values.insert(values.end(), sprite.image.rgba.begin(), sprite.image.rgba.end());
    values.resize(std::min(values.size(), expected.size()));
    CHECK(values == expected);
    REQUIRE(read.notes.size() == 1);
    return read.notes[0].substr(read.notes[0].find("taken as"));
  };
  const auto real = [&](int channels, const std::vector<float>& values, const std::vector<int>& expected) {
    write_array(folder / "set.npy", "f4", {1, 1, static_cast<std::int64_t>(values.size()) / channels, channels}, values);
    return note(expected);
  };
  const std::vector<int> expected = {0, 128, 255, 255, 255, 0, 0, 255};
  for (const float over : {0.0001f, 0.001f, 0.005f, 0.05f, 0.2f}) {
    CAPTURE(over);
    CHECK(real(3, {-over, 128 / 255.0f, 1 + over, 1, 0, 0}, expected) ==
          "taken as colours from 0 … 1; 2 numbers beyond that are clamped to it");
    CHECK(real(3, {-1 - over, 1 / 255.0f, 1 + over, 1, -1, -1}, expected) ==
          "taken as colours from -1 … 1; 2 numbers beyond that are clamped to it");
    CHECK(real(3, {-50 * over, 128, 255 + 50 * over, 255, 0, 0}, expected) ==
          "taken as colours from 0 … 255; 2 numbers beyond that are clamped to it");
  }
  std::vector<float> many(3 * 400, 0.2f);
  many[0] = 7;
  many[3] = -3;
  CHECK(real(3, many, {255, 51, 51, 255, 0, 51, 51, 255}) ==
        "taken as colours from 0 … 1; 2 numbers beyond that are clamped to it");
  // Nearly all of these is transparent, and what is left is bytes.
  std::vector<float> few(3 * 400, 0);
  few[0] = 200;
  CHECK(real(3, few, {200, 0, 0, 255, 0, 0, 0, 255}) == "taken as colours from 0 … 255");
}

TEST_CASE("the range of alpha is its own") {
  const TemporaryFolder folder;
  const auto pixels = [&] {
    const auto read = read_collection(array_source(folder));
    REQUIRE(read.sprites.size() == 1);
    REQUIRE(read.notes.size() == 1);
    CHECK(read.notes[0].find("with alpha from") != std::string::npos);
    return read.sprites[0].image.rgba;
  };
  const std::vector<std::uint8_t> expected = {255, 0, 51, 255, 102, 204, 153, 51};
  write_array<float>(folder / "set.npy", "f4", {1, 1, 2, 4}, {255, 0, 51, 1, 102, 204, 153, 0.2f});
  CHECK(pixels() == expected);
  write_array<float>(folder / "set.npy", "f4", {1, 1, 2, 4}, {1, -1, -0.6f, 1, -0.2f, 0.6f, 0.2f, 0.2f});
  CHECK(pixels() == expected);
  write_array<float>(folder / "set.npy", "f4", {1, 1, 2, 4}, {1, 0, 0.2f, 255, 0.4f, 0.8f, 0.6f, 51});
  CHECK(pixels() == expected);
  write_array<std::uint8_t>(folder / "set.npy", "u1", {1, 1, 2, 4}, {255, 0, 51, 1, 102, 204, 153, 0});
  CHECK((pixels() == std::vector<std::uint8_t>{255, 0, 51, 255, 0, 0, 0, 0}));
  write_array<std::uint8_t>(folder / "set.npy", "u1", {1, 1, 2, 4}, {1, 0, 0, 255, 0, 1, 1, 51});
  CHECK((pixels() == std::vector<std::uint8_t>{255, 0, 0, 255, 0, 255, 255, 51}));
}

TEST_CASE("zeros and ones are black and white, also as true and false") {
  const TemporaryFolder folder;
  for (const std::string type : {"u1", "b1"}) {
    CAPTURE(type);
    write_array<std::uint8_t>(folder / "set.npy", type, {1, 1, 2, 3}, {0, 1, 1, 1, 0, 0});
    const auto read = read_collection(array_source(folder));
    REQUIRE(read.sprites.size() == 1);
    CHECK((read.sprites[0].image.rgba == std::vector<std::uint8_t>{0, 255, 255, 255, 255, 0, 0, 255}));
    CHECK(read.notes.size() == 1);
  }
}

TEST_CASE("bytes after an array are passed over with a note") {
  const TemporaryFolder folder;
  write_array<std::uint8_t>(folder / "set.npy", "u1", {1, 1, 1, 3}, {10, 20, 30});
  Bytes longer = read_file(folder / "set.npy");
  longer.insert(longer.end(), {1, 2});
  write_file(folder / "set.npy", longer);
  const auto read = read_collection(array_source(folder));
  REQUIRE(read.sprites.size() == 1);
  CHECK((read.sprites[0].image.rgba == std::vector<std::uint8_t>{10, 20, 30, 255}));
  CHECK(read.notes == std::vector<std::string>{"2 bytes after the array in “set.npy” are passed over"});
}

TEST_CASE("a set that repeats its sprites is said to, and each is used once; a few copies stay") {
  const TemporaryFolder folder;
  std::vector<std::uint8_t> bytes;
  for (int i = 0; i < 100 * 7; ++i) {
    for (const int c : {i % 7 * 30, 5, 9}) bytes.push_back(static_cast<std::uint8_t>(c));
  }
  write_array(folder / "set.npy", "u1", {700, 1, 1, 3}, bytes);
  const auto read = read_collection(array_source(folder));
  CHECK(read.sprites.size() == 7);
  REQUIRE(read.notes.size() == 1);
  CHECK(read.notes[0] == "700 sprites are 7 sprites 100 times over; each is used once");
  CHECK(read.sprites[1].image.rgba == std::vector<std::uint8_t>{30, 5, 9, 255});

  bytes.resize(8 * 3);
  write_array(folder / "set.npy", "u1", {8, 1, 1, 3}, bytes);
  const auto plain = read_collection(array_source(folder));
  CHECK(plain.sprites.size() == 8);
  CHECK(plain.sprites[7].file == "set.npy[7]");
  CHECK(plain.notes.empty());
}

TEST_CASE("arrays that are no sprites are refused; a row without numbers is left out by its name") {
  const TemporaryFolder folder;
  const auto refused = [&] { return !error_of([&] { read_collection(array_source(folder)); }).hint.empty(); };
  write_array<std::uint8_t>(folder / "set.npy", "u1", {2, 3}, {1, 2, 3, 4, 5, 6});
  CHECK(refused());
  write_array<std::uint8_t>(folder / "set.npy", "u1", {1, 1, 1, 2}, {1, 2});
  CHECK(refused());
  write_array<float>(folder / "set.npy", "f4", {1, 1, 1, 3}, {1, 2, 3000});
  CHECK(refused());
  write_array<float>(folder / "set.npy", "f4", {1, 1, 1, 3}, {-2.1f, 0.3f, 2.6f});  // of mean 0 and standard deviation 1
  CHECK(refused());
  write_file(folder / "set.npy", std::string_view("\x93NUMPY"));
  CHECK(refused());
  write_array<float>(folder / "set.npy", "f4", {2, 1, 1, 3}, {0, 0.5f, 1, 0, std::numeric_limits<float>::quiet_NaN(), 1});
  const auto read = read_collection(array_source(folder));
  CHECK(read.sprites.size() == 1);
  REQUIRE(read.left_out.size() == 1);
  CHECK(read.left_out[0].file == "set.npy[1]");
}
