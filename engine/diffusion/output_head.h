#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <utility>

#include "engine/base/diffusion_config.h"
#include "engine/base/palette_head.h"

namespace kiln {

// The entries of a palette head, [O, C] in [-1, 1]; “transparent” is -1 in all channels.
at::Tensor entries_tensor(const PaletteEntries& entries, int channels);

// How a network's raw output is read. Most networks' output is the prediction itself. That of a network with a palette head is
// logits over the palette's entries: the prediction is x0, the expected colour.
struct OutputHead {
  Prediction prediction;
  at::Tensor entries = {};  // [O, C] of a palette head; else undefined
  at::Tensor barred = {};   // [1, O, 1, 1] bool, entries that are not to be used; undefined: none

  OutputHead(Prediction of) : prediction(of) {}
  explicit OutputHead(at::Tensor palette_entries) : prediction(Prediction::kX0), entries(std::move(palette_entries)) {}

  bool is_palette() const { return entries.defined(); }
  // The same for outputs on that device.
  OutputHead on(c10::Device device) const;

  // What guidance acts on: the output [B, O, H, W], or the probabilities of the entries. Guidance on probabilities is guidance on
  // the expected colours, which are linear in them.
  at::Tensor to_guide(const at::Tensor& output) const;

  // The probabilities that the prediction is made of. sharpness: as below.
  at::Tensor probabilities(const at::Tensor& guided, int sharpness) const;

  // The prediction [B, C, H, W]. sharpness k of a palette head: probabilities to the power of 2^k, a temperature of 2^-k; with 0 as
  // they are, below zero or above one as guidance may have made them. A sprite does not depend on where in a batch it lies.
  at::Tensor operator()(const at::Tensor& guided, int sharpness = 0) const;
};

// How sharp a palette head's probabilities are at a step of which `left` come after: the colours of a pixel part over the last
// steps, and at the last the likeliest is nearly alone.
int palette_sharpness(int left);

}  // namespace kiln
