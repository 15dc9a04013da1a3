#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/image.h"
#include "engine/formats/npy.h"

namespace kiln {

// A folder of arrays that are read where they lie: in `packed.json` what follows, and for each shard sprites-00000.npy (u1, [N, H,
// W, 4], colour zero where alpha is zero), labels-00000.npy (i4, [N]), and where any sprite has one, frames-00000.npy (i2, [N],
// from 0, -1 for none) and held-out-00000.npy (u1, [N], 1 for those that are never trained on).
struct PackedSet {
  int width = 0, height = 0;
  std::vector<std::string> classes;       // of the labels 0, 1, …
  std::vector<std::string> flip_classes;  // may be mirrored in training; "*" for all
  std::vector<std::int64_t> shards;       // the sprites in each
};

inline constexpr const char* kPackedSetName = "packed.json";

bool is_packed_set(const std::filesystem::path& folder);
// Throws Failure: kCorrupt, and as read_text.
PackedSet read_packed_set(const std::filesystem::path& folder);

// The arrays of a shard; frames and held-out sprites are empty where there are none.
struct PackedShard {
  std::string sprites_name;
  NpyView sprites, labels, frames, held_out;
};
// The sprites are mapped, however few they are. Throws Failure(kCorrupt) for arrays that do not fit what the set says, naming the
// file, and as view_npy.
PackedShard read_packed_shard(const std::filesystem::path& folder, const PackedSet& set, std::size_t shard);

// Writes such a folder, whole or not at all: it is made under a hidden name beside it. Needs no more memory however many sprites
// come.
class PackedSetWriter {
 public:
  // shard_bytes: of sprites in a shard at the most, but for one that is larger. Throws Failure: kUnwritable (`out` is not empty, no
  // permission), kDiskFull.
  PackedSetWriter(const std::filesystem::path& out, int width, int height, std::size_t shard_bytes);
  PackedSetWriter(const PackedSetWriter&) = delete;
  PackedSetWriter& operator=(const PackedSetWriter&) = delete;
  ~PackedSetWriter();  // leaves nothing behind unless finish() was called

  // frame: -1 for none. Throws as the constructor.
  void add(const Image& image, const std::string& class_name, int frame, bool held_out);
  void finish(const std::vector<std::string>& flip_classes);

 private:
  void finish_shard();

  std::filesystem::path out_, temporary_;
  PackedSet set_;
  std::int64_t rows_a_shard_;
  std::map<std::string, int> numbers_;  // of classes
  std::unique_ptr<NpyWriter> sprites_;  // of the shard under way
  std::vector<std::int32_t> labels_;    // its sprites'
  std::vector<std::int16_t> frames_;
  std::vector<std::uint8_t> held_out_;
};

}  // namespace kiln
