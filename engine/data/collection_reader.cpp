#include "engine/data/collection_reader.h"

#include <utility>

namespace kiln {

bool CollectionReader::step() {
  if (remedy_work_) return remedy_work_->step();
  if (!reader_) {
    reader_ = open_sprite_source(source_);
  } else if (!reader_->step()) {
    collection_ = reader_->take();
    remedy_work_.emplace(collection_, remedies_);
  }
  return true;
}

std::int64_t CollectionReader::done() const {
  const auto part = [](const auto& work) { return work.total() > 0 ? work.done() * kParts / work.total() : 0; };
  if (remedy_work_) return kParts + part(*remedy_work_);
  return reader_ ? part(*reader_) : 0;
}

SpriteCollection read_collection(SpriteSource source, Remedies remedies) {
  CollectionReader reader(std::move(source), std::move(remedies));
  while (reader.step()) {
  }
  return reader.take();
}

}  // namespace kiln
