#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <utility>
#include <vector>

#include "engine/training/process_group.h"

namespace kiln {

// A gradient's sum over the processes that train together, bucket by bucket, beside whatever else is computed meanwhile.
//
// As bf16, each value is rounded before it goes to another process, and their sum once more. The backends' own sum is not used for
// it: Gloo of LibTorch 1.13 cannot sum bf16, and where it can, every addition rounds. So each process gets its part of the bucket
// from all others, sums it in fp32 in the order of the ranks, and gives the sum to all: half of the bytes of an fp32 sum, whatever
// the number of processes (pieces gathered from all by all would be more of them from four processes on), and the same bits always.
class GradientSum {
 public:
  GradientSum(std::shared_ptr<ProcessGroup> group, bool as_bf16) : group_(std::move(group)), as_bf16_(as_bf16) {}

  // Begins with a bucket [n] fp32, contiguous, whose memory is the sum's by the time that wait() returns. All processes add as many
  // of the same sizes in the same order. Throws Failure as ProcessGroup::Wait.
  void add(const at::Tensor& bucket);
  // Until all that were added are summed. Throws Failure as ProcessGroup::Wait.
  void wait();

 private:
  struct Pending {
    at::Tensor bucket;
    at::Tensor pieces;  // as bf16: of this process's part, from all
    ProcessGroup::Wait wait;
  };

  void begin_exchange(const at::Tensor& bucket);
  void begin_gather(Pending& pending);

  std::shared_ptr<ProcessGroup> group_;
  bool as_bf16_;
  std::vector<Pending> pending_;
};

}  // namespace kiln
