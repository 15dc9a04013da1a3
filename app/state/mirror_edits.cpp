#include <algorithm>
#include <utility>

#include "app/state/mirror.h"

namespace kiln {
namespace {

// What was drawn on sprites of `from` is in `to` as well, and what was put behind them, where `to` is the same batch with these
// places made anew.
void carry(const GeneratedBatch& from, GeneratedBatch& to, const std::vector<int>& anew) {
  if (from.job != to.job) return;
  const int count = to.count();
  for (int i = 0; i < std::min(count, from.count()); ++i) {
    if (std::find(anew.begin(), anew.end(), i) == anew.end()) to.put(i, from.image(i), from.edited.contains(i));
  }
  if (from.count() <= count || from.origins.size() != from.sprites.size()) return;
  to.add({from.sprites.begin() + count, from.sprites.end()}, {from.origins.begin() + count, from.origins.end()});
}

}  // namespace

void Mirror::hold() {
  if (std::exchange(holding_, true) || !busy()) return;
  forming_ = std::exchange(batch_, std::exchange(before_, {}));
  changed();
}

void Mirror::release() {
  if (!std::exchange(holding_, false) || !pending()) return;
  carry_edits();
  for (Arrived& each : std::exchange(arrived_, {})) take_in(std::move(each));
  if (busy()) {
    if (forming_.job != batch_.job && !batch_.edited.empty())
      notices.add(NoticeKind::kInfo, "what you drew stays in its batch", "Ctrl+Z brings that back, once the new sprites are made");
    before_ = std::exchange(batch_, std::exchange(forming_, {}));
  }
  changed();
}

void Mirror::carry_edits() {
  for (Arrived& each : arrived_) carry(batch_, each.batch, each.places);
  if (busy() && !makes_new_) carry(batch_, forming_, run_.places());
}

void Mirror::take_in(Arrived arrived) {
  const bool is_new = arrived.places.empty();
  if (!is_new && arrived.batch.job == batch_.job) {
    history_.changed("Regenerate", std::exchange(batch_, std::move(arrived.batch)));
  } else if (is_new && batch_.passing) {
    batch_ = std::move(arrived.batch);  // in place of a moment of a control that was moved on
  } else {
    if (!batch_.edited.empty()) notices.add(NoticeKind::kInfo, "the sprites that you edited are kept", "Ctrl+Z brings them back");
    history_.new_batch(std::exchange(batch_, std::move(arrived.batch)), arrived.keep || !is_new);
  }
  history_.limit(batch_);
  changed();
}

bool Mirror::another_pending() const {
  if (holding_ && busy() && forming_.job != batch_.job) return true;
  return std::any_of(arrived_.begin(), arrived_.end(), [&](const Arrived& each) { return each.batch.job != batch_.job; });
}

const GeneratedBatch& Mirror::earlier() const {
  return busy() && makes_new_ && !holding_ && before_.job && !before_.passing ? before_ : history_.previous();
}

void Mirror::remove(const std::vector<int>& places) {
  if (pending() || places.empty() || batch_.sprites.empty()) return;
  std::vector<int> left;
  for (int i = 0; i < batch_.count(); ++i) {
    if (std::find(places.begin(), places.end(), i) == places.end()) left.push_back(i);
  }
  GeneratedBatch fewer = batch_.with_only(left);
  fewer.passing = false;
  history_.changed("Delete", std::exchange(batch_, std::move(fewer)));
  changed();
}

std::string Mirror::why_not_step(bool any, bool draws) const {
  if (!any) return "Nothing was changed";
  if (!pending() || (holding_ && draws)) return {};
  return busy() ? "Sprites are being made" : "New sprites come first: press Done";
}

std::string Mirror::why_not_undo() const { return why_not_step(history_.can_undo(), history_.undo_draws()); }

std::string Mirror::why_not_redo() const { return why_not_step(history_.can_redo(), history_.redo_draws()); }

std::optional<int> Mirror::undo(int chosen) {
  if (!why_not_undo().empty()) return {};
  const auto first = history_.undo(batch_, chosen);
  if (first) changed();
  return first;
}

std::optional<int> Mirror::redo(int chosen) {
  if (!why_not_redo().empty()) return {};
  const auto first = history_.redo(batch_, chosen);
  if (first) changed();
  return first;
}

bool Mirror::is_finished(int index) const {
  if (index < 0 || static_cast<std::size_t>(index) >= batch_.sprites.size()) return false;
  return !busy() || holding_ || (!makes_new_ && !run_.makes(index));
}

std::string Mirror::why_not_edit(int index) const {
  if (batch_.count() == 0) return "There are no sprites yet: generate some first";
  return is_finished(index) ? "" : "The sprite is still being made";
}

bool Mirror::edit(std::string what, std::vector<SpriteChange> changes) {
  if (batch_.sprites.empty() || (busy() && !holding_)) return false;
  if (!history_.change(batch_, std::move(what), std::move(changes))) return false;
  batch_.passing = false;
  changed();
  return true;
}

std::string Mirror::why_not_add(std::size_t count) const {
  const GeneratedBatch& into = busy() && !holding_ ? before_ : batch_;
  if (static_cast<std::size_t>(into.count()) + count > kMostInBatch)
    return "A batch holds at most " + std::to_string(kMostInBatch) + " sprites: delete some first";
  return {};
}

std::optional<int> Mirror::add(std::string what, const std::vector<Sprite>& sprites, const std::vector<SpriteOrigin>& origins) {
  if (sprites.empty() || origins.size() != sprites.size() || !why_not_add(sprites.size()).empty()) return {};
  if (busy() && !holding_) return {};
  const Sprite& first = sprites.front();
  const bool fits = !batch_.sprites.empty() && batch_.width == first.image.width && batch_.height == first.image.height;
  GeneratedBatch more;
  if (fits) {
    more = batch_;
    more.passing = false;
  } else {
    carry_edits();
    more.job = outgoing_.next_job();
    more.model = first.recipe.model_name;
    more.request = {origins.front().model_path, {}, first.recipe.settings};
    more.width = first.image.width;
    more.height = first.image.height;
  }
  const int place = static_cast<int>(more.sprites.size());
  more.add(sprites, origins);
  GeneratedBatch before = std::exchange(batch_, std::move(more));
  if (fits)
    history_.changed(std::move(what), std::move(before));
  else
    history_.new_batch(std::move(before), true);
  history_.limit(batch_);
  changed();
  return place;
}

}  // namespace kiln
