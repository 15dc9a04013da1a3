#pragma once

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

// What was done to sprites by hand, step by step, to be undone and done again without end. A batch that was edited and then made
// room for another is a step too, so that nothing that was drawn is lost.
class EditHistory {
 public:
  // Changes these sprites of `batch` as one step, called `what` (“Pencil”). Those that would look the same are left alone; false if
  // all of them would.
  bool change(GeneratedBatch& batch, std::string what, std::vector<SpriteChange> changes);

  // An edited batch makes room for another.
  void leave(GeneratedBatch batch);
  // It did not come, and that step never was.
  void come_back();
  // There is nothing to be done again any more.
  void forget_undone() { undone_.clear(); }

  // What the next undo() or redo() takes back or does again; null: nothing.
  const std::string* undoable() const { return done_.empty() ? nullptr : &done_.back().what; }
  const std::string* redoable() const { return undone_.empty() ? nullptr : &undone_.back().what; }
  // Each: the first sprite that is another now.
  std::optional<int> undo(GeneratedBatch& batch) { return exchange(batch, done_, undone_); }
  std::optional<int> redo(GeneratedBatch& batch) { return exchange(batch, undone_, done_); }

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
  static std::optional<int> exchange(GeneratedBatch& batch, std::vector<Step>& from, std::vector<Step>& to);

  std::vector<Step> done_, undone_;
};

}  // namespace kiln
