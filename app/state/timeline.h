#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "app/state/generated_batch.h"

namespace kiln {

// Which step of its fade a batch is shown at, or some of its sprites. Those that were made in another number of steps are shown
// equally far on their way.
class Timeline {
 public:
  // Goes back to the end when the batch is another one, or is being made.
  void follow(const GeneratedBatch& batch, bool running);

  // Steps at which something was kept, in order, and at last the end; empty if nothing was.
  const std::vector<int>& stops() const { return stops_; }
  bool at_end() const { return !step_; }
  int step() const { return step_.value_or(stops_.empty() ? 0 : stops_.back()); }
  // To the stop nearest to `step`; so many stops on or back.
  void show(int step);
  void move(int stops);
  void show_end() { step_.reset(); }
  // Earlier steps are shown of these sprites, and the others at their end; none: of all.
  void show_only(const std::set<int>& places);

  // The batch as it was then: count * height * width * 4. `rgba` of the batch at the end.
  std::span<const std::uint8_t> pixels(const GeneratedBatch& batch);
  Image image(const GeneratedBatch& batch, int index) const;
  // The step of its own run that sprite `index` is shown at; none: its end.
  std::optional<int> earlier_step(const GeneratedBatch& batch, int index) const;
  // The share of noise that was left in sprite `index` then; 0 if that is not known.
  double level(const GeneratedBatch& batch, int index) const;
  // Another number whenever pixels() gives others.
  std::uint64_t version() const { return version_; }

 private:
  bool shows(int index) const { return only_.empty() || only_.contains(index); }
  // The step of sprite `index`'s own run that is as far on its way as step(), kept or not.
  int own_step(const GeneratedBatch& batch, int index) const;
  std::span<const std::uint8_t> pixels_of(const GeneratedBatch& batch, int index) const;

  std::uint64_t of_ = 0;  // the batch's version
  std::uint64_t version_ = 0;
  std::optional<int> step_;
  std::set<int> only_;  // the sprites that are shown at it; empty: all
  std::vector<int> stops_;
  std::vector<std::uint8_t> rgba_;
  std::uint64_t rgba_of_ = 0;  // version_
};

// These sprites of the batch at each stop of its fade, the finished ones last; nothing if no fade was kept.
std::vector<Frame> fade_frames(const GeneratedBatch& batch, const std::vector<int>& places);

}  // namespace kiln
