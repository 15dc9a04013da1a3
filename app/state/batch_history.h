#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "app/state/generated_batch.h"

namespace kiln {

// A sprite of a batch as it is to look.
struct SpriteChange {
  int index = 0;
  Image image;
};

// What was done to the sprites, step by step, to be undone and done again: by hand, or a batch that another took the place of.
class BatchHistory {
 public:
  static constexpr std::size_t kMostFadeBytes = std::size_t{96} << 20;
  static constexpr std::size_t kMostPixelBytes = std::size_t{256} << 20;

  // Changes these sprites of `batch` by hand as one step, called `what` (“Pencil”). Those that would look the same are left alone;
  // false if all of them would.
  bool change(GeneratedBatch& batch, std::string what, const std::vector<SpriteChange>& changes);
  // The batch was `before`, and some of its sprites are others now, or gone.
  void changed(std::string what, GeneratedBatch before);
  // Another batch took the place of `before`: a step too if anything was done to that, so that nothing drawn is lost, or `keep`.
  void new_batch(GeneratedBatch before, bool keep = false);

  bool can_undo() const { return !done_.empty(); }
  bool can_redo() const { return !undone_.empty(); }
  // What the next undo() or redo() takes back or does again; null: nothing.
  const std::string* undoable() const { return done_.empty() ? nullptr : &done_.back().what; }
  const std::string* redoable() const { return undone_.empty() ? nullptr : &undone_.back().what; }
  // Whether that changes how single sprites look, and not which ones there are.
  bool undo_draws() const { return !done_.empty() && !done_.back().batch; }
  bool redo_draws() const { return !undone_.empty() && !undone_.back().batch; }
  // Each: the sprite to look at then, `chosen` unless the step changed only others; none if there was nothing to do.
  std::optional<int> undo(GeneratedBatch& batch, int chosen) { return exchange(batch, chosen, done_, undone_); }
  std::optional<int> redo(GeneratedBatch& batch, int chosen) { return exchange(batch, chosen, undone_, done_); }

  const GeneratedBatch& previous() const { return previous_; }  // without a job: there is none

  // Of all fades of `batch` and of what it can go back to. `limit` lets the oldest go.
  std::size_t fade_bytes(const GeneratedBatch& batch) const;
  // Of the batches that can be gone back to, their fades aside. `limit` forgets the oldest steps, which cannot be undone then.
  std::size_t pixel_bytes() const;
  void limit(const GeneratedBatch& batch, std::size_t most = kMostFadeBytes, std::size_t most_pixels = kMostPixelBytes);

 private:
  struct Other {
    SpriteChange sprite;
    bool edited = false;
  };
  // How things were before a step that is done, or after one that was undone.
  struct Step {
    std::string what;
    std::vector<Other> sprites;
    std::optional<GeneratedBatch> batch;
  };
  void add(Step step);
  static std::optional<int> exchange(GeneratedBatch& batch, int chosen, std::vector<Step>& from, std::vector<Step>& to);

  std::vector<Step> done_, undone_;
  GeneratedBatch previous_;
};

}  // namespace kiln
