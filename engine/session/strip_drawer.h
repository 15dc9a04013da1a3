#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/api/training.h"
#include "engine/inference/sampling_loop.h"
#include "engine/network/model.h"

namespace kiln {

class NearestSprites;

// Draws a strip of samples of a model in small pieces: a few sprites at a time, one denoising step a piece. Its noise comes from
// seeds of its own, so whatever else draws random numbers goes on as it was.
class StripDrawer {
 public:
  static constexpr std::int64_t kMostSteps = 16;

  // guided: the model knows the null condition. nearest: may be null, and must outlive this. It takes the model's own sampler and
  // number of steps, but at most most_steps.
  StripDrawer(std::shared_ptr<const Model> model, int columns, bool guided, const NearestSprites* nearest,
              const DenoiserOptions& options, std::int64_t most_steps = kMostSteps);

  // One piece; false when the strip is whole.
  bool step();
  // Once, at the end.
  SampleStrip take() { return std::move(strip_); }

 private:
  void begin_chunk();
  void end_chunk();

  std::shared_ptr<const Model> model_;
  bool guided_;
  const NearestSprites* nearest_;
  std::int64_t most_steps_;
  std::size_t total_;  // sprites
  SampleStrip strip_;
  ModelSampler sampler_;
  std::unique_ptr<SamplingLoop> loop_;
};

// The first of each class.
std::vector<Image> thumbnails_of(const SampleStrip& strip);

}  // namespace kiln
