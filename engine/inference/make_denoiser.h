#pragma once

#include <c10/core/Device.h>

#include <memory>
#include <string>

#include "engine/diffusion/denoiser.h"
#include "engine/network/blocks/tiling.h"
#include "engine/network/model.h"

namespace kiln {

struct DenoiserOptions {
  c10::Device device = c10::kCPU;
  bool bf16 = false;
  int threads = 1;  // compute threads on the CPU
  Tiling tiling = {};
};

// The fastest way that there is for this model's network to be evaluated on that device. On the CPU the model's network may be
// shared; it is never moved.
std::unique_ptr<Denoiser> make_denoiser(const Model& model, const DenoiserOptions& options);

// Runs the network as it is, both halves of guidance in one batched call.
std::unique_ptr<Denoiser> make_eager_denoiser(const Model& model, const DenoiserOptions& options);

// A CpuPlan on `threads` cores, which snapshots the weights; null where there is none: a GPU, a build without oneDNN, bf16 on
// a processor that has no convolutions for it.
std::unique_ptr<Denoiser> make_planned_denoiser(const Model& model, const DenoiserOptions& options);

}  // namespace kiln
