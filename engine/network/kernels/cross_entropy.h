#pragma once

#include <ATen/core/Tensor.h>

namespace kiln {

// The mean over a picture's pixels of the cross-entropy between what is wanted of a pixel and the softmax of its logits: [B].
// logits: [B, O, H, W] fp32. target: [B, H, W] int64, which of the O is wanted, or [B, O, H, W] fp32, their probabilities, which
// sum to 1. On the CPU in one pass over the logits, and one for their gradient, which can be taken once; else a plain composition.
at::Tensor pixel_cross_entropy(const at::Tensor& logits, const at::Tensor& target);

// Which of the entries [O, C] each pixel of x [B, C, H, W] is nearest to, the first among equals: [B, H, W] int64.
at::Tensor nearest_entries(const at::Tensor& x, const at::Tensor& entries);

}  // namespace kiln
