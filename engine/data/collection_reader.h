#pragma once

#include <memory>
#include <optional>

#include "engine/data/remedies.h"
#include "engine/data/sprite_source.h"

namespace kiln {

// Reads a set of sprites and does the preprocessing, in small steps.
class CollectionReader {
 public:
  CollectionReader(SpriteSource source, Remedies remedies) : source_(std::move(source)), remedies_(std::move(remedies)) {}

  // False when nothing is left. Throws as open_sprite_source, SpriteReader::step and RemedyWork.
  bool step();
  std::int64_t done() const;
  std::int64_t total() const { return 2 * kParts; }  // reading and preprocessing are half of it each
  // Once, at the end.
  SpriteCollection take() { return std::move(collection_); }

 private:
  static constexpr std::int64_t kParts = 1000;

  SpriteSource source_;
  Remedies remedies_;
  std::unique_ptr<SpriteReader> reader_;
  SpriteCollection collection_;
  std::optional<RemedyWork> remedy_work_;
};

// All at once.
SpriteCollection read_collection(SpriteSource source, Remedies remedies = {});

}  // namespace kiln
