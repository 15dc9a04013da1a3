#pragma once

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
  // guided: the model knows the null condition. nearest: may be null, and must outlive this.
  StripDrawer(std::shared_ptr<const Model> model, int columns, bool guided, const NearestSprites* nearest,
              const DenoiserOptions& options);

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
  std::size_t total_;  // sprites
  SampleStrip strip_;
  ModelSampler sampler_;
  std::unique_ptr<SamplingLoop> loop_;
};

}  // namespace kiln
