#pragma once

#include <memory>
#include <optional>

#include "engine/data/preprocessing.h"
#include "engine/data/sprite_source.h"

namespace kiln {

// Reads a set of sprites and does the preprocessing, in small steps.
class CollectionReader {
 public:
  CollectionReader(SpriteSource source, Preprocessing preprocessing)
      : source_(std::move(source)), preprocessing_(std::move(preprocessing)) {}

  // False when nothing is left. Throws as open_sprite_source, SpriteReader::step and PreprocessingWork.
  bool step();
  std::int64_t done() const;
  std::int64_t total() const { return 2 * kParts; }  // reading and preprocessing is half of it each
  // Once, at the end.
  SpriteCollection take() { return std::move(collection_); }

 private:
  static constexpr std::int64_t kParts = 1000;

  SpriteSource source_;
  Preprocessing preprocessing_;
  std::unique_ptr<SpriteReader> reader_;
  SpriteCollection collection_;
  std::optional<PreprocessingWork> preprocessing_work_;
};

// All at once.
SpriteCollection read_collection(SpriteSource source, Preprocessing preprocessing = {});

}  // namespace kiln
