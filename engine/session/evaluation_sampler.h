#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/sampling.h"
#include "engine/network/model.h"
#include "engine/quality/sprite_sampler.h"
#include "engine/session/sampling_run.h"

namespace kiln {

// Sprites first to first + count - 1 of an evaluation.
struct SpriteRange {
  std::size_t first = 0, count = 0;
};

// Which sprites are made in one run each, the first with that seed; seeds begin again at 0 behind the largest, a run's do not.
// Shard i of K makes every K-th of them from number i on.
std::vector<SpriteRange> sampling_runs(std::size_t sprites, std::uint64_t seed);

// A model's sprites for its evaluation, some at a time, so that a step is short and memory does not grow with their number; all of
// them, or those of one shard.
class EvaluationSampler : public SpriteSampler {
 public:
  // settings: but for count and seed, which are set here.
  EvaluationSampler(std::shared_ptr<const Model> model, std::string path, SampleSettings settings, int shards = 1, int shard = 0);

  // classes: of frame_classes(). Throws as SamplingRun.
  void begin(const std::vector<std::string>& classes, std::uint64_t seed) override;
  void step() override;
  std::size_t steps() const override;
  std::vector<Image> take() override { return std::move(images_); }

 private:
  void open_run();

  std::shared_ptr<const Model> model_;
  SampleRequest request_;
  std::size_t shards_, shard_;
  std::vector<std::string> classes_;
  std::vector<SpriteRange> runs_;  // those of the shard
  std::size_t next_ = 0;           // of them
  std::uint64_t seed_ = 0;
  std::map<std::string, std::pair<std::string, int>> frame_classes_;  // class and frame, by name
  std::unique_ptr<SamplingRun> run_;                                  // of runs_[next_]
  std::vector<Image> images_;
};

}  // namespace kiln
