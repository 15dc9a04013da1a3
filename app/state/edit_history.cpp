#include "app/state/edit_history.h"

#include <utility>

namespace kiln {

bool EditHistory::change(GeneratedBatch& batch, std::string what, std::vector<SpriteChange> changes) {
  Step step{std::move(what), {}, {}};
  for (const SpriteChange& change : changes) {
    if (change.index < 0 || change.index >= batch.count() || change.image.width != batch.width ||
        change.image.height != batch.height)
      continue;
    Image before = batch.image(change.index);
    if (before == change.image) continue;
    step.sprites.push_back({{change.index, std::move(before)}, batch.edited.contains(change.index)});
    batch.put(change.index, change.image, true);
  }
  if (step.sprites.empty()) return false;
  done_.push_back(std::move(step));
  undone_.clear();
  return true;
}

void EditHistory::leave(GeneratedBatch batch) { done_.push_back({"Generate", {}, std::move(batch)}); }

void EditHistory::come_back() {
  if (!done_.empty() && done_.back().batch) done_.pop_back();
}

std::optional<int> EditHistory::exchange(GeneratedBatch& batch, std::vector<Step>& from, std::vector<Step>& to) {
  if (from.empty()) return {};
  Step step = std::move(from.back());
  from.pop_back();
  if (step.batch) std::swap(*step.batch, batch);
  for (Other& other : step.sprites) {
    const int index = other.sprite.index;
    Image now = batch.image(index);
    const bool edited = batch.edited.contains(index);
    batch.put(index, other.sprite.image, other.edited);
    other = {{index, std::move(now)}, edited};
  }
  const int first = step.sprites.empty() ? 0 : step.sprites.front().sprite.index;
  to.push_back(std::move(step));
  return first;
}

}  // namespace kiln
