// The sprites of a packed set, each where it lies in its shard.

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>

#include "engine/base/animation_limits.h"
#include "engine/data/sprite_source.h"
#include "engine/formats/packed_set.h"
#include "engine/pixelart/alpha.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kRowsAStep = 4096;

template <class Number>
Number number_at(const NpyView& array, std::int64_t row) {
  Number number;
  std::memcpy(&number, array.bytes.data() + static_cast<std::size_t>(row) * sizeof number, sizeof number);
  return number;
}

class PackedReader : public SpriteReader {
 public:
  explicit PackedReader(const fs::path& folder) : folder_(folder), set_(read_packed_set(folder)) {
    for (const std::int64_t rows : set_.shards) total_ += rows;
    collection_.flip_classes = set_.flip_classes;
  }

  bool step() override {
    if (number_ == set_.shards.size()) return false;
    if (!shard_) shard_ = read_packed_shard(folder_, set_, number_);
    const std::int64_t rows = set_.shards[number_];
    for (const std::int64_t until = std::min(row_ + kRowsAStep, rows); row_ < until; ++row_, ++done_) add(row_);
    if (row_ < rows) return true;
    shard_.reset();
    row_ = 0;
    return ++number_ < set_.shards.size();
  }
  std::int64_t done() const override { return done_; }
  std::int64_t total() const override { return total_; }
  SpriteCollection take() override { return std::move(collection_); }

 private:
  void add(std::int64_t row) {
    const std::size_t size = static_cast<std::size_t>(set_.width) * static_cast<std::size_t>(set_.height) * 4;
    Image image;
    image.width = set_.width;
    image.height = set_.height;
    image.rgba = PixelBytes(shard_->sprites.bytes.subspan(static_cast<std::size_t>(row) * size, size), shard_->sprites.owner);
    DatasetSprite sprite{shard_->sprites_name + "[" + std::to_string(row) + "]",
                         set_.classes[static_cast<std::size_t>(number_at<std::int32_t>(shard_->labels, row))],
                         with_hidden_colour_cleared(image)};
    if (!shard_->frames.bytes.empty()) sprite.frame = frame_of(row);
    if (!shard_->held_out.bytes.empty()) sprite.held_out = shard_->held_out.bytes[static_cast<std::size_t>(row)] != 0;
    collection_.sprites.push_back(std::move(sprite));
  }

  int frame_of(std::int64_t row) const {
    const int frame = number_at<std::int16_t>(shard_->frames, row);
    if (frame >= kMostFrames)
      throw Failure(ErrorCode::kCorrupt,
                    "“" + shard_->sprites_name + "[" + std::to_string(row) + "]” is said to be frame " + std::to_string(frame),
                    "frames are numbered from 0 to " + std::to_string(kMostFrames - 1));
    return std::max(frame, -1);
  }

  fs::path folder_;
  PackedSet set_;
  std::int64_t total_ = 0, done_ = 0;
  std::size_t number_ = 0;  // of the shard under way
  std::int64_t row_ = 0;    // in it
  std::optional<PackedShard> shard_;
  SpriteCollection collection_;
};

}  // namespace

std::unique_ptr<SpriteReader> open_packed_set(const std::string& folder) { return std::make_unique<PackedReader>(folder); }

}  // namespace kiln
