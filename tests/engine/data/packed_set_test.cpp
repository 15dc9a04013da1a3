#include "engine/formats/packed_set.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "engine/base/file.h"
#include "engine/data/collection_reader.h"
#include "engine/data/pixel_store.h"
#include "tests/engine/data/support.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using namespace kiln::test;

namespace {

constexpr std::size_t kTwoSprites = 2 * 16 * 16 * 4;  // bytes

// Five sprites of two classes in three shards; the fourth is put aside, the second and third are frames.
void write_five(const std::filesystem::path& out) {
  PackedSetWriter writer(out, 16, 16, kTwoSprites);
  for (int i = 0; i < 5; ++i) {
    const int frame = i == 1 || i == 2 ? i - 1 : -1;
    writer.add(drawing(static_cast<std::uint64_t>(i), 7), i % 2 == 0 ? "orc" : "elf", frame, i == 3);
  }
  writer.finish({"orc"});
}

void overwrite(const std::filesystem::path& path, const NpyArray& array) { write_file(path, encode_npy(array)); }

}  // namespace

TEST_CASE("a packed set is read back as it was written, its sprites where they lie in the files") {
  const TemporaryFolder folder;
  write_five(folder / "set");
  CHECK(std::filesystem::exists(folder / "set/sprites-00002.npy"));
  CHECK(read_npy(folder / "set/sprites-00002.npy").shape == std::vector<std::int64_t>{1, 16, 16, 4});
  const SpriteCollection read = read_collection({.path = (folder / "set").string()});
  REQUIRE(read.sprites.size() == 5);
  CHECK(read.flip_classes == std::vector<std::string>{"orc"});
  for (int i = 0; i < 5; ++i) {
    const DatasetSprite& sprite = read.sprites[static_cast<std::size_t>(i)];
    CHECK(sprite.image == drawing(static_cast<std::uint64_t>(i), 7));
    CHECK(sprite.image.rgba.is_shared());
    CHECK(sprite.class_name == (i % 2 == 0 ? "orc" : "elf"));
    CHECK(sprite.frame == (i == 1 || i == 2 ? i - 1 : -1));
    CHECK(sprite.held_out == (i == 3));
  }
  CHECK(read.sprites[3].file == "sprites-00001.npy[1]");
}

TEST_CASE("colour that no one sees is cleared in a packed set, and the file stays as it is") {
  const TemporaryFolder folder;
  Image hidden = drawing(1, 1);
  set_pixel(hidden, 0, 0, {9, 9, 9}, 0);
  PackedSetWriter writer(folder / "set", 16, 16, kTwoSprites);
  writer.add(hidden, "a", -1, false);
  writer.add(drawing(2, 2), "a", -1, false);
  writer.finish({});
  const Bytes before = read_file(folder / "set/sprites-00000.npy");
  const SpriteCollection read = read_collection({.path = (folder / "set").string()});
  CHECK(read.sprites[0].image == drawing(1, 1));
  CHECK(read.sprites[1].image == drawing(2, 2));
  CHECK(read_file(folder / "set/sprites-00000.npy") == before);
}

TEST_CASE("a packed set that is damaged is refused, and the file is named") {
  const TemporaryFolder folder;
  const std::string set = (folder / "set").string();
  const auto refusal = [&] { return error_of([&] { read_collection({.path = set}); }); };
  write_five(set);
  overwrite(set + "/labels-00001.npy", {"i4", {2}, {0, 0, 0, 0, 2, 0, 0, 0}});
  CHECK(refusal().message.find("labels-00001.npy") != std::string::npos);
  overwrite(set + "/labels-00001.npy", {"i4", {1}, {0, 0, 0, 0}});
  CHECK(refusal().message.find("labels-00001.npy") != std::string::npos);
  std::filesystem::resize_file(set + "/sprites-00000.npy", 1000);
  CHECK(refusal().message.find("sprites-00000.npy") != std::string::npos);
  std::filesystem::remove(set + "/sprites-00000.npy");
  CHECK(refusal().code == ErrorCode::kNotFound);
  write_file(set + "/packed.json", std::string_view("{}"));
  CHECK(refusal().message.find("packed.json") != std::string::npos);
}

TEST_CASE("a packed set is written whole or not at all, and over nothing") {
  const TemporaryFolder folder;
  {
    PackedSetWriter writer(folder / "set", 16, 16, kTwoSprites);
    writer.add(drawing(1, 1), "a", -1, false);
  }
  CHECK(folder.names().empty());
  write_five(folder / "set");
  CHECK(error_of([&] { PackedSetWriter(folder / "set", 16, 16, kTwoSprites); }).code == ErrorCode::kUnwritable);
  CHECK(read_collection({.path = (folder / "set").string()}).sprites.size() == 5);
}

TEST_CASE("a large array is mapped, and gives what it gives when it is read") {
  const TemporaryFolder folder;
  NpyArray array{"u1", {3, 2, 2, 4}, Bytes(48)};
  for (std::size_t i = 0; i < array.bytes.size(); ++i) array.bytes[i] = static_cast<std::uint8_t>(i);
  overwrite(folder / "set.npy", array);
  const NpyView mapped = view_npy(folder / "set.npy", 0), read = view_npy(folder / "set.npy");
  CHECK(mapped.shape == read.shape);
  CHECK(mapped.dtype == "u1");
  CHECK(Bytes(mapped.bytes.begin(), mapped.bytes.end()) == array.bytes);
  CHECK(Bytes(read.bytes.begin(), read.bytes.end()) == array.bytes);
}

TEST_CASE("an image whose pixels are taken out of memory stays what it is, and so do its copies when it is changed") {
  PixelStore store(1024);
  std::vector<Image> images;
  for (std::uint64_t i = 0; i < 4; ++i) store.keep(images.emplace_back(drawing(i, i)));
  CHECK_FALSE(images[0].rgba.is_shared());
  CHECK(images[1].rgba.is_shared());
  for (std::uint64_t i = 0; i < 4; ++i) CHECK(images[static_cast<std::size_t>(i)] == drawing(i, i));
  const Image copy = images[2];
  set_pixel(images[2], 3, 3, {1, 2, 3});
  CHECK(copy == drawing(2, 2));
  CHECK(images[2] != copy);
  CHECK(images[3] == drawing(3, 3));
}
