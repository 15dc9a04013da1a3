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

// A model's sprites for its evaluation, some at a time, so that a step is short and memory does not grow with their number.
class EvaluationSampler : public SpriteSampler {
 public:
  // settings: but for count and seed, which are set here.
  EvaluationSampler(std::shared_ptr<const Model> model, std::string path, SampleSettings settings);

  // classes: of frame_classes(). Throws as SamplingRun.
  void begin(const std::vector<std::string>& classes, std::uint64_t seed) override;
  void step() override;
  std::size_t steps() const override;
  std::vector<Image> take() override { return std::move(images_); }

 private:
  // How many of the sprites from `first` on one run makes. Seeds begin again at 0 behind the largest, a run's do not.
  std::size_t at_once(std::size_t first) const;
  void open_run();

  std::shared_ptr<const Model> model_;
  SampleRequest request_;
  std::vector<std::string> classes_;
  std::uint64_t seed_ = 0;
  std::map<std::string, std::pair<std::string, int>> frame_classes_;  // class and frame, by name
  std::unique_ptr<SamplingRun> run_;                                  // of the next sprites
  std::vector<Image> images_;
};

}  // namespace kiln
