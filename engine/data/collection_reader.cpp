#include "engine/data/collection_reader.h"

#include <utility>

namespace kiln {

bool CollectionReader::step() {
  if (preprocessing_work_) return preprocessing_work_->step();
  if (!reader_) {
    reader_ = open_sprite_source(source_);
  } else if (!reader_->step()) {
    collection_ = reader_->take();
    preprocessing_work_.emplace(collection_, preprocessing_);
  }
  return true;
}

std::int64_t CollectionReader::done() const {
  const auto part = [](const auto& work) { return work.total() > 0 ? work.done() * kParts / work.total() : 0; };
  if (preprocessing_work_) return kParts + part(*preprocessing_work_);
  return reader_ ? part(*reader_) : 0;
}

SpriteCollection read_collection(SpriteSource source, Preprocessing preprocessing) {
  CollectionReader reader(std::move(source), std::move(preprocessing));
  while (reader.step()) {
  }
  return reader.take();
}

}  // namespace kiln
