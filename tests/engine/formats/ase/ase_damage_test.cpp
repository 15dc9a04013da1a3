// Aseprite files that lie, each made from its parts as ase-file-specs.md has them.

#include <doctest/doctest.h>

#include <cstdint>
#include <initializer_list>

#include "engine/formats/ase/ase_file.h"
#include "tests/engine/formats/support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Bytes number(std::uint32_t value, int size) {
  Bytes bytes;
  for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  return bytes;
}

Bytes words(std::initializer_list<int> values) {
  Bytes bytes;
  for (const int value : values) bytes = std::move(bytes) + number(static_cast<std::uint32_t>(value), 2);
  return bytes;
}

Bytes longs(std::initializer_list<std::uint32_t> values) {
  Bytes bytes;
  for (const std::uint32_t value : values) bytes = std::move(bytes) + number(value, 4);
  return bytes;
}

Bytes zeros(std::size_t count) { return Bytes(count, 0); }

Bytes text(const std::string& characters) {
  return words({static_cast<int>(characters.size())}) + Bytes(characters.begin(), characters.end());
}

Bytes chunk(int type, const Bytes& content) {
  return number(static_cast<std::uint32_t>(content.size() + 6), 4) + words({type}) + content;
}

struct Chunks {
  Bytes bytes;
  int count = 0;
  Chunks(std::initializer_list<Bytes> chunks) {
    for (const Bytes& one : chunks) add(one);
  }
  void add(const Bytes& one) {
    bytes.insert(bytes.end(), one.begin(), one.end());
    ++count;
  }
};

Bytes frame(const Chunks& chunks) {
  return number(static_cast<std::uint32_t>(chunks.bytes.size() + 16), 4) + words({0xF1FA, chunks.count, 100}) + zeros(6) +
         chunks.bytes;
}

struct Header {
  int frames = 1, width = 2, height = 2, depth = 8, flags = 1;
};

Bytes header(const Header& h) {
  return zeros(4) + words({0xA5E0, h.frames, h.width, h.height, h.depth}) + number(static_cast<std::uint32_t>(h.flags), 4) +
         zeros(110);
}

Bytes layer(const std::string& name, int kind = 0, int level = 0) {
  return chunk(0x2004, words({1, kind, level, 0, 0, 0}) + Bytes{255, 0, 0, 0} + text(name) + (kind == 2 ? longs({7}) : Bytes{}));
}

Bytes palette() {
  return chunk(0x2019, longs({2, 0, 1}) + zeros(8) + words({0}) + Bytes{1, 2, 3, 255} + words({0}) + Bytes{4, 5, 6, 255});
}

Bytes cel(int layer, int kind, const Bytes& content) {
  return chunk(0x2005, words({layer, 0, 0}) + Bytes{255} + words({kind}) + zeros(7) + content);
}

Bytes link(int layer, int frame) { return cel(layer, 1, words({frame})); }

// zlib with one block that is stored as it is.
Bytes stored(const Bytes& content) {
  std::uint32_t a = 1, b = 0;
  for (const std::uint8_t byte : content) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  const int size = static_cast<int>(content.size());
  return Bytes{0x78, 0x01, 0x01} + words({size, ~size}) + content + number(b >> 8, 1) + number(b, 1) + number(a >> 8, 1) +
         number(a, 1);
}

Bytes pixels(int width, int height, const Bytes& data) { return words({width, height}) + data; }

Bytes map(int width, int height, int bits, const Bytes& data) {
  return words({width, height, bits}) + longs({0x1FFFFFFF, 0, 0, 0}) + zeros(10) + data;
}

Bytes tileset(std::uint32_t tiles, int width, int height, const Bytes& data) {
  return chunk(0x2023, longs({7, 6, tiles}) + words({width, height}) + zeros(16) + text("tiles") +
                           number(static_cast<std::uint32_t>(data.size()), 4) + data);
}

const Bytes kFour = {1, 1, 0, 1};

// What the file fails with, its name in the message made sure of; kInternal if it is read.
Error error_for(const Bytes& file) {
  std::vector<std::string> notes;
  const Error error = error_of([&] { read_ase(file, "x.aseprite", notes); });
  if (!error.message.empty()) CHECK(error.message.find("“x.aseprite” ") == 0);
  return error;
}

// An indexed file of one frame with a palette and layer 0, and these chunks.
Bytes file_with(std::initializer_list<Bytes> more, const Bytes& first_layer = layer("body")) {
  Chunks chunks{palette(), first_layer};
  for (const Bytes& one : more) chunks.add(one);
  return header({}) + frame(chunks);
}

void check_corrupt(const Bytes& file, const std::string& part) {
  const Error error = error_for(file);
  CHECK(error.code == ErrorCode::kCorrupt);
  CHECK_MESSAGE(error.message.find(part) != std::string::npos, error.message);
}

std::vector<std::string> notes_of(const Bytes& file) {
  std::vector<std::string> notes;
  read_ase(file, "x.aseprite", notes);
  return notes;
}

}  // namespace

TEST_CASE("the parts that the refused files are made from make a file that is read") {
  std::vector<std::string> notes;
  const AseFile raw = read_ase(file_with({cel(0, 0, pixels(2, 2, kFour))}), "x", notes);
  const AseFile compressed = read_ase(file_with({cel(0, 2, pixels(2, 2, stored(kFour)))}), "x", notes);
  const Bytes tiles = tileset(2, 1, 1, stored({0, 1})), indices = stored(longs({1, 1, 0, 1}));
  const AseFile mapped = read_ase(file_with({tiles, cel(0, 3, map(2, 2, 32, indices))}, layer("map", 2)), "x", notes);
  CHECK(raw.frames[0].image.rgba == Bytes{4, 5, 6, 255, 4, 5, 6, 255, 0, 0, 0, 0, 4, 5, 6, 255});
  CHECK(compressed.frames[0].image == raw.frames[0].image);
  CHECK(mapped.frames[0].image == raw.frames[0].image);
  CHECK(notes.empty());
}

TEST_CASE("Aseprite headers that cannot be, and canvases that are too large") {
  const Bytes one = frame({palette()});
  for (const Header& bad : {Header{.frames = 0}, Header{.width = 0}, Header{.height = 0}}) {
    check_corrupt(header(bad) + one, "header");
  }
  for (const Header& large : {Header{.frames = 65535, .width = 65535, .height = 65535}, Header{.width = 16385, .height = 1},
                              Header{.width = 16384, .height = 4097}, Header{.frames = 65, .width = 1024, .height = 1024},
                              Header{.depth = 24}, Header{.depth = 64}}) {
    CHECK(error_for(header(large) + one).code == ErrorCode::kUnsupported);
  }
  check_corrupt(header({.frames = 65535, .width = 1, .height = 1}) + one, "frame 2");
}

TEST_CASE("frames and chunks that do not lie in one another") {
  const Bytes one = frame({palette(), layer("body")});
  const auto patched = [&](std::size_t at, const Bytes& bytes) {
    Bytes file = header({}) + one;
    std::copy(bytes.begin(), bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(128 + at));
    return file;
  };
  CHECK(error_for(patched(0, {})).code == ErrorCode::kInternal);
  for (const std::uint32_t size :
       {0U, 15U, 17U, static_cast<std::uint32_t>(one.size() - 1), static_cast<std::uint32_t>(one.size() + 1), 0xFFFFFFFFU}) {
    check_corrupt(patched(0, longs({size})), "frame 1");
  }
  check_corrupt(patched(4, words({0xF1FB})), "frame 1");
  check_corrupt(patched(6, words({3})), "frame 1");
  check_corrupt(patched(12, longs({0xFFFFFFFF})), "frame 1");
  for (const std::uint32_t size : {0U, 5U, 1000U, 0xFFFFFFFFU}) check_corrupt(patched(16, longs({size})), "frame 1");
  check_corrupt(patched(16, longs({20})), "the palette in frame 1");
}

TEST_CASE("layers that are nested in no group, or too deeply") {
  check_corrupt(file_with({}, layer("first", 0, 1)), "nested in no group");
  check_corrupt(file_with({layer("child", 0, 1)}), "nested in no group");
  check_corrupt(file_with({layer("grandchild", 0, 2)}, layer("group", 1)), "nested in no group");
  Chunks deep{palette()};
  for (int level = 0; level < 66; ++level) deep.add(layer("g", 1, level));
  CHECK(error_for(header({}) + frame(deep)).code == ErrorCode::kUnsupported);
}

TEST_CASE("cels that do not belong where they are") {
  const Bytes good = pixels(2, 2, kFour);
  check_corrupt(file_with({cel(1, 0, good)}), "a cel in frame 1 belongs to no layer");
  check_corrupt(file_with({cel(0, 0, good)}, layer("group", 1)), "layer “group” in frame 1");
  check_corrupt(file_with({cel(0, 0, good), cel(0, 0, good)}), "twice");
  check_corrupt(file_with({cel(0, 3, map(1, 1, 32, stored(longs({0}))))}), "the layer's kind");
  check_corrupt(file_with({tileset(1, 1, 1, stored({0})), cel(0, 0, good)}, layer("map", 2)), "the layer's kind");
}

TEST_CASE("cels with fewer pixels than they say, and more than can be") {
  check_corrupt(file_with({cel(0, 0, pixels(2, 3, kFour))}), "layer “body” in frame 1 is cut off");
  check_corrupt(file_with({cel(0, 2, pixels(2, 3, stored(kFour)))}), "layer “body” in frame 1");
  check_corrupt(file_with({cel(0, 2, pixels(2, 2, Bytes(20, 7)))}), "damaged");
  check_corrupt(file_with({cel(0, 2, pixels(8192, 8192, stored(kFour)))}), "fewer bytes than its pixels need");
  check_corrupt(file_with({cel(0, 2, pixels(8192, 8192, Bytes(66000, 0)))}), "damaged");
  CHECK(error_for(file_with({cel(0, 2, pixels(65535, 65535, stored(kFour)))})).code == ErrorCode::kUnsupported);
  Bytes wrong = stored(kFour);
  ++wrong.back();
  check_corrupt(file_with({cel(0, 2, pixels(2, 2, wrong))}), "damaged");
  CHECK(error_for(file_with({cel(0, 2, pixels(2, 1, stored(kFour)))})).code == ErrorCode::kInternal);  // more is nothing wrong
}

TEST_CASE("links to frames that do not come before, and to cels that are not there") {
  const auto linked = [](const Bytes& first, const Bytes& second) {
    return header({.frames = 2}) + frame({palette(), layer("a"), layer("b"), first}) + frame({second});
  };
  const Bytes good = cel(0, 0, pixels(2, 2, kFour));
  CHECK(error_for(linked(good, link(0, 0))).code == ErrorCode::kInternal);
  check_corrupt(linked(link(0, 0), good), "layer “a” in frame 1");
  check_corrupt(linked(link(0, 1), link(0, 0)), "layer “a” in frame 1");
  check_corrupt(linked(good, link(0, 1)), "layer “a” in frame 2");
  check_corrupt(linked(good, link(0, 65535)), "layer “a” in frame 2");
  check_corrupt(linked(good, link(1, 0)), "layer “b” in frame 2");
}

TEST_CASE("tilemaps and tilesets that do not fit") {
  const Bytes tiles = tileset(2, 1, 1, stored({0, 1})), indices = stored(longs({1}));
  const auto code = [&](const Bytes& set, const Bytes& content) {
    return error_for(file_with({set, cel(0, 3, content)}, layer("map", 2))).code;
  };
  CHECK(code(tiles, map(1, 1, 32, indices)) == ErrorCode::kInternal);
  check_corrupt(file_with({cel(0, 3, map(1, 1, 32, indices))}, layer("map", 2)), "the tileset of layer “map”");
  CHECK(code(tiles, map(1, 1, 24, indices)) == ErrorCode::kCorrupt);
  CHECK(code(tiles, map(2, 1, 32, indices)) == ErrorCode::kCorrupt);
  CHECK(code(tiles, map(300, 300, 32, indices)) == ErrorCode::kCorrupt);
  CHECK(code(tiles, map(65535, 65535, 32, indices)) == ErrorCode::kUnsupported);
  CHECK(code(tileset(2, 0, 1, stored({0, 1})), map(1, 1, 32, indices)) == ErrorCode::kCorrupt);
  CHECK(code(tileset(3, 1, 1, stored({0, 1})), map(1, 1, 32, indices)) == ErrorCode::kCorrupt);
  CHECK(code(tileset(0xFFFFFFFF, 65535, 65535, stored({0, 1})), map(1, 1, 32, indices)) == ErrorCode::kUnsupported);
  CHECK(code(tileset(1, 4097, 4096, Bytes(17000, 0)), map(1, 1, 32, indices)) == ErrorCode::kUnsupported);
  CHECK(code(tileset(1, 4096, 1, Bytes(4, 0)), map(20, 1, 32, stored(Bytes(80, 0)))) == ErrorCode::kUnsupported);
}

TEST_CASE("tags, slices and palettes out of range") {
  const auto tag = [](int from, int to) {
    return chunk(0x2018, words({1}) + zeros(8) + words({from, to}) + zeros(13) + text("walk"));
  };
  CHECK(notes_of(file_with({tag(0, 0)})).empty());
  check_corrupt(file_with({chunk(0x2018, words({65535}) + zeros(8))}), "list of tags");
  const auto slice = [](std::uint32_t x, std::uint32_t width) {
    return chunk(0x2022, longs({1, 0, 0}) + text("hand") + longs({0, x, 0, width, 1}));
  };
  CHECK(error_for(file_with({slice(0xFFFFFFFF, 1)})).code == ErrorCode::kInternal);
  check_corrupt(file_with({slice(0x80000000, 1)}), "“hand”");
  check_corrupt(file_with({slice(0, 0xFFFFFFFF)}), "“hand”");
  check_corrupt(file_with({chunk(0x2022, longs({0xFFFFFFFF, 0, 0}) + text("hand"))}), "slice");
  const auto colours = [](std::uint32_t size, std::uint32_t first, std::uint32_t last) {
    return chunk(0x2019, longs({size, first, last}) + zeros(8) + zeros(6));
  };
  for (const Bytes& bad : {colours(2, 1, 0), colours(2, 2, 2), colours(2, 0, 1), colours(65536, 0, 65535)}) {
    check_corrupt(file_with({bad}), "palette");
  }
  CHECK(error_for(file_with({colours(0xFFFFFFFF, 0, 0)})).code == ErrorCode::kUnsupported);
  check_corrupt(header({}) + frame({chunk(4, words({2}) + Bytes{200, 0} + zeros(768))}), "256 colours");
  check_corrupt(header({}) + frame({layer("body")}), "no palette");
}

TEST_CASE("a tag that is written backwards is turned round, one past the last frame ends there or is left out; each is told") {
  const auto read = [](std::initializer_list<std::pair<int, int>> ranges, std::vector<std::string>& notes) {
    Bytes list = words({static_cast<int>(ranges.size())}) + zeros(8);
    char name = 'a';
    for (const auto& [from, to] : ranges) list = std::move(list) + words({from, to}) + zeros(13) + text(std::string(1, name++));
    Bytes file = header({.frames = 4}) + frame({palette(), layer("body"), chunk(0x2018, list)});
    for (int i = 1; i < 4; ++i) file = std::move(file) + frame({});
    return read_ase(file, "x.aseprite", notes);
  };
  const auto classes = [](const AseFile& file) {
    std::string all;
    for (const AseSprite& sprite : file.frames) all += sprite.class_name.empty() ? "-" : sprite.class_name;
    return all;
  };
  std::vector<std::string> notes;
  const AseFile backwards = read({{2, 1}}, notes);
  CHECK(backwards.tags == std::vector<AseTag>{{"a", 1, 2}});
  CHECK(classes(backwards) == "-aa-");
  REQUIRE(notes.size() == 1);
  CHECK(notes[0] == "the tag “a” is written backwards, and is turned round");
  notes.clear();
  const AseFile past = read({{0, 0}, {2, 9}, {4, 4}, {65535, 65535}}, notes);
  CHECK(past.tags == std::vector<AseTag>{{"a", 0, 0}, {"b", 2, 3}});
  CHECK(classes(past) == "a-bb");
  REQUIRE(notes.size() == 3);
  CHECK(notes[0] == "the tag “b” goes past the last frame, and ends there");
  CHECK(notes[1] == "the tag “c” lies past the last frame, and is left out");
  notes.clear();
  CHECK(classes(read({{9, 3}}, notes)) == "---a");
  CHECK(notes.size() == 2);
  notes.clear();
  CHECK(classes(read({{9, 9}, {9, 9}, {9, 9}, {9, 9}, {9, 9}, {9, 9}, {9, 9}, {3, 0}}, notes)) == "hhhh");
  REQUIRE(notes.size() == 6);
  CHECK(notes[5] == "there are more such tags");
}

TEST_CASE("more to draw than a frame's few bytes may ask for") {
  const auto linked = [](int frames) {
    Bytes file = header({.frames = frames}) + frame({palette(), layer("a"), cel(0, 2, pixels(1024, 1024, Bytes(1100, 0)))});
    for (int i = 1; i < frames; ++i) file = std::move(file) + frame({link(0, 0)});
    return file;
  };
  check_corrupt(linked(200), "damaged");
  CHECK(error_for(linked(300)).code == ErrorCode::kUnsupported);
  Chunks deep{palette()};
  for (int level = 0; level < 60; ++level) deep.add(layer("g", 1, level));
  deep.add(layer("a", 0, 60));
  deep.add(cel(60, 0, pixels(2, 2, kFour)));
  CHECK(error_for(header({.width = 64, .height = 64, .flags = 3}) + frame(deep)).code == ErrorCode::kInternal);
  CHECK(error_for(header({.width = 2048, .height = 2048, .flags = 3}) + frame(deep)).code == ErrorCode::kUnsupported);
}

TEST_CASE("what later versions of Aseprite may add is left out and named") {
  CHECK(notes_of(file_with({chunk(0x2FFF, {1, 2, 3})})).empty());
  CHECK(notes_of(file_with({cel(0, 9, {})})) == std::vector<std::string>{"cels of a kind that is not known here are left out"});
  const auto notes = notes_of(file_with({cel(0, 0, pixels(2, 2, kFour))}, layer("sound", 3)));
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].find("“sound”") != std::string::npos);
  const std::string long_name(1000, 'n');
  const Error error = error_for(file_with({cel(0, 0, pixels(2, 3, kFour))}, layer(long_name)));
  CHECK(error.message.size() < 200);
}
