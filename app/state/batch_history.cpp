#include "app/state/batch_history.h"

#include <set>
#include <utility>

namespace kiln {

void BatchHistory::changed(GeneratedBatch before) {
  redone_to_.clear();
  undone_to_.push_back(std::move(before));
  if (undone_to_.size() > kMostChanges) undone_to_.erase(undone_to_.begin());
}

void BatchHistory::new_batch(GeneratedBatch before) {
  undone_to_.clear();
  redone_to_.clear();
  if (before.job) previous_ = std::move(before);
}

void BatchHistory::undo(GeneratedBatch& batch) {
  if (undone_to_.empty()) return;
  redone_to_.push_back(std::exchange(batch, std::move(undone_to_.back())));
  undone_to_.pop_back();
}

void BatchHistory::redo(GeneratedBatch& batch) {
  if (redone_to_.empty()) return;
  undone_to_.push_back(std::exchange(batch, std::move(redone_to_.back())));
  redone_to_.pop_back();
}

std::size_t BatchHistory::fade_bytes(const GeneratedBatch& batch) const {
  std::set<const Fade*> fades;
  const auto look = [&](const GeneratedBatch& each) {
    for (const SpriteOrigin& origin : each.origins) {
      if (origin.fade) fades.insert(origin.fade.get());
    }
  };
  look(batch);
  look(previous_);
  for (const GeneratedBatch& each : undone_to_) look(each);
  for (const GeneratedBatch& each : redone_to_) look(each);
  std::size_t bytes = 0;
  for (const Fade* fade : fades) bytes += fade->bytes();
  return bytes;
}

void BatchHistory::limit(const GeneratedBatch& batch, std::size_t most) {
  if (fade_bytes(batch) > most) {
    for (SpriteOrigin& origin : previous_.origins) origin.fade.reset();
  }
  while (fade_bytes(batch) > most && !undone_to_.empty()) undone_to_.erase(undone_to_.begin());
}

}  // namespace kiln
