#include "app/state/batch_history.h"

#include <algorithm>
#include <set>
#include <utility>

namespace kiln {

bool BatchHistory::change(GeneratedBatch& batch, std::string what, const std::vector<SpriteChange>& changes) {
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
  add(std::move(step));
  return true;
}

void BatchHistory::changed(std::string what, GeneratedBatch before) { add({std::move(what), {}, std::move(before)}); }

void BatchHistory::new_batch(GeneratedBatch before, bool keep) {
  undone_.clear();
  if (!before.job) return;
  previous_ = before;
  if (keep || !done_.empty()) add({"Generate", {}, std::move(before)});
}

void BatchHistory::add(Step step) {
  undone_.clear();
  done_.push_back(std::move(step));
}

std::optional<int> BatchHistory::exchange(GeneratedBatch& batch, int chosen, std::vector<Step>& from, std::vector<Step>& to) {
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
  const auto& changed = step.sprites;
  const bool shows =
      changed.empty() || std::any_of(changed.begin(), changed.end(), [&](const Other& o) { return o.sprite.index == chosen; });
  const int looked_at = shows ? chosen : changed.front().sprite.index;
  to.push_back(std::move(step));
  return looked_at;
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
  for (const auto* steps : {&done_, &undone_}) {
    for (const Step& step : *steps) {
      if (step.batch) look(*step.batch);
    }
  }
  std::size_t bytes = 0;
  for (const Fade* fade : fades) bytes += fade->bytes();
  return bytes;
}

std::size_t BatchHistory::pixel_bytes() const {
  std::size_t bytes = 0;
  for (const auto* steps : {&done_, &undone_}) {
    for (const Step& step : *steps) {
      if (step.batch) bytes += 2 * step.batch->rgba.size();  // its sprites hold theirs as well
    }
  }
  return bytes;
}

void BatchHistory::limit(const GeneratedBatch& batch, std::size_t most, std::size_t most_pixels) {
  while (!done_.empty() && pixel_bytes() > most_pixels) done_.erase(done_.begin());
  const auto forget = [](GeneratedBatch& of) {
    for (SpriteOrigin& origin : of.origins) origin.fade.reset();
  };
  if (fade_bytes(batch) > most) forget(previous_);
  for (auto* steps : {&done_, &undone_}) {
    for (Step& step : *steps) {
      if (fade_bytes(batch) <= most) return;
      if (step.batch) forget(*step.batch);
    }
  }
}

}  // namespace kiln
