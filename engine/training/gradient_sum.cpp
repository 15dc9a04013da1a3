#include "engine/training/gradient_sum.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <utility>

namespace kiln {

void GradientSum::add(const at::Tensor& bucket) {
  const at::NoGradGuard no_grad;
  if (as_bf16_)
    begin_exchange(bucket);
  else
    pending_.push_back({bucket, {}, group_->begin_sum(bucket)});
}

void GradientSum::wait() {
  const at::NoGradGuard no_grad;
  auto all = std::exchange(pending_, {});
  for (Pending& pending : all) {
    pending.wait();
    if (as_bf16_) begin_gather(pending);
  }
  if (!as_bf16_) return;
  for (const Pending& pending : all) {
    pending.wait();
    pending.bucket.copy_(pending.pieces.narrow(0, 0, pending.bucket.numel()));
  }
}

// The bucket in equal parts, with zeros at the end.
void GradientSum::begin_exchange(const at::Tensor& bucket) {
  const std::int64_t size = group_->size(), part = (bucket.numel() + size - 1) / size;
  const at::Tensor parts = at::zeros({size * part}, bucket.options().dtype(at::kBFloat16));
  parts.narrow(0, 0, bucket.numel()).copy_(bucket);
  at::Tensor pieces = at::empty_like(parts);
  auto wait = group_->begin_exchange(pieces, parts);
  pending_.push_back({bucket, std::move(pieces), std::move(wait)});
}

void GradientSum::begin_gather(Pending& pending) {
  const at::Tensor pieces = pending.pieces.view({group_->size(), -1});
  at::Tensor sum = pieces[0].to(at::kFloat);
  for (std::int64_t rank = 1; rank < group_->size(); ++rank) sum.add_(pieces[rank]);
  pending.pieces = at::empty_like(pending.pieces);
  pending.wait = group_->begin_gather(pending.pieces, sum.to(at::kBFloat16));
}

}  // namespace kiln
