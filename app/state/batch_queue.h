#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "app/state/generated_batch.h"
#include "app/state/grid_run.h"

namespace kiln {

// A batch that was asked for while another was being made.
struct QueuedBatch {
  std::uint64_t id = 0;  // never that of another one
  GeneratedBatch batch;  // without a job
  std::vector<PlacedRequest> requests;
};

// "potion, sword", "5 classes in turn", "every class in turn": what a batch is of.
std::string classes_of(const SampleRequest& request);

// Batches that wait for their turn, the next one first.
class BatchQueue {
 public:
  static constexpr std::size_t kMost = 32;

  bool empty() const { return waiting_.empty(); }
  bool full() const { return waiting_.size() >= kMost; }
  const std::vector<QueuedBatch>& waiting() const { return waiting_; }

  void add(GeneratedBatch batch, std::vector<PlacedRequest> requests);  // as the last one; a full queue stays as it is
  QueuedBatch take();                                                   // the next one, out of it; it must not be empty

  // Each does nothing for a batch that does not wait any more.
  void move_up(std::uint64_t id);
  void move_down(std::uint64_t id);
  void remove(std::uint64_t id);
  void clear() { waiting_.clear(); }

 private:
  std::vector<QueuedBatch>::iterator find(std::uint64_t id);

  std::vector<QueuedBatch> waiting_;
  std::uint64_t last_id_ = 0;
};

}  // namespace kiln
