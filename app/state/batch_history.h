#pragma once

#include <cstddef>
#include <vector>

#include "app/state/generated_batch.h"

namespace kiln {

// The batch as it was before each change of its sprites, to go back to. Pixels of fades are shared, and let go of first where they
// become too many.
class BatchHistory {
 public:
  static constexpr std::size_t kMostChanges = 32;
  static constexpr std::size_t kMostFadeBytes = std::size_t{96} << 20;

  void changed(GeneratedBatch before);    // what was undone is forgotten
  void new_batch(GeneratedBatch before);  // changes of the one before are forgotten
  bool can_undo() const { return !undone_to_.empty(); }
  bool can_redo() const { return !redone_to_.empty(); }
  void undo(GeneratedBatch& batch);
  void redo(GeneratedBatch& batch);

  const GeneratedBatch& previous() const { return previous_; }  // without a job: there is none

  // Of all fades of `batch` and of what it can go back to. `limit` lets the oldest go.
  std::size_t fade_bytes(const GeneratedBatch& batch) const;
  void limit(const GeneratedBatch& batch, std::size_t most = kMostFadeBytes);

 private:
  std::vector<GeneratedBatch> undone_to_, redone_to_;
  GeneratedBatch previous_;
};

}  // namespace kiln
