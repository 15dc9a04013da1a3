#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/diffusion/conditioning.h"
#include "engine/diffusion/output_head.h"
#include "engine/diffusion/run_config.h"
#include "engine/diffusion/seeds.h"
#include "engine/inference/make_denoiser.h"

namespace kiln {

// A run's sprites as they were after some step.
struct Picture {
  at::Tensor sprites;  // [B, C, H, W]: the newest prediction, after the last step the result
  int step = 0;
};

// One run to sprites on any device. A device of its own works while the caller goes on: steps are begun, not awaited, a
// few ahead at most.
class SamplingLoop {
 public:
  virtual ~SamplingLoop() = default;

  virtual void step() = 0;  // not after done()
  virtual int steps_done() const = 0;
  virtual int total() const = 0;
  bool done() const { return steps_done() == total(); }

  // Waits for the steps begun so far. Not before the first.
  virtual Picture picture() const = 0;

  // Asks for the picture after the step that was begun last, without waiting.
  virtual void ask_for_picture() = 0;
  // The next picture asked for, if it has come; `wait`: when it comes. Nothing once all have been taken.
  virtual std::optional<Picture> next_picture(bool wait) = 0;
};

// How the outputs of the model's network are read. Throws Failure(kUnsupported) for a network whose outputs are no prediction of
// its sprites' channels.
OutputHead output_head(const Model& model);

// A model made ready to be sampled with on one device, run after run, in the fastest way that there is.
class ModelSampler {
 public:
  // The model must outlive this, though not the runs. Its weights may be copied: after a change of them, another sampler is needed.
  ModelSampler(const Model& model, const DenoiserOptions& options) : model_(model), options_(options) {}

  // One run; the one before must be over. seeds: of the B sprites, the same sprites on every device. Throws as DenoisingLoop does,
  // and as output_head.
  std::unique_ptr<SamplingLoop> begin(RunConfig config, Conditioning conditioning, const SpriteSeeds& seeds);

 private:
  const Model& model_;
  DenoiserOptions options_;
  std::shared_ptr<Denoiser> denoiser_;  // made when the first run needs it
};

// A single run.
std::unique_ptr<SamplingLoop> make_sampling_loop(const Model& model, const DenoiserOptions& options, const RunConfig& config,
                                                 const Conditioning& conditioning, const SpriteSeeds& seeds);

}  // namespace kiln
