#include "engine/session/evaluation_sampler.h"

#include <algorithm>
#include <utility>

#include "engine/session/frame_classes.h"

namespace kiln {
namespace {

constexpr std::size_t kSpritesAtOnce = 64;

}  // namespace

std::vector<SpriteRange> sampling_runs(std::size_t sprites, std::uint64_t seed) {
  std::vector<SpriteRange> runs;
  for (std::size_t first = 0; first < sprites; first += runs.back().count) {
    const std::size_t most = std::min(kSpritesAtOnce, sprites - first);
    const std::uint64_t larger_seeds = kLargestSeed - (seed + first);
    runs.push_back({first, larger_seeds < most ? static_cast<std::size_t>(larger_seeds) + 1 : most});
  }
  return runs;
}

EvaluationSampler::EvaluationSampler(std::shared_ptr<const Model> model, std::string path, SampleSettings settings, int shards,
                                     int shard)
    : model_(std::move(model)), shards_(static_cast<std::size_t>(shards)), shard_(static_cast<std::size_t>(shard)) {
  request_.model_path = std::move(path);
  request_.settings = std::move(settings);
  for (const auto& [name, frame] : frame_classes(*model_)) frame_classes_[name] = frame;
}

void EvaluationSampler::begin(const std::vector<std::string>& classes, std::uint64_t seed) {
  classes_ = classes;
  seed_ = seed;
  images_.clear();
  runs_.clear();
  next_ = 0;
  const std::vector<SpriteRange> all = sampling_runs(classes.size(), seed);
  for (std::size_t i = shard_; i < all.size(); i += shards_) runs_.push_back(all[i]);
  if (!runs_.empty()) open_run();
}

void EvaluationSampler::open_run() {
  const auto [first, count] = runs_[next_];
  ParamMap& values = request_.settings.shared_params;
  values["count"] = static_cast<std::int64_t>(count);
  values["seed"] = whole_number(seed_ + first);
  values["preview_every"] = std::int64_t{0};
  request_.conditions.clear();
  request_.frames.clear();
  for (std::size_t i = first; i < first + count; ++i) {
    const auto found = frame_classes_.find(classes_[i]);
    const auto& [name, frame] = found == frame_classes_.end() ? std::pair(classes_[i], 0) : found->second;
    request_.conditions.push_back(name.empty() ? Condition{} : Condition{{name, 1.0}});
    request_.frames.push_back(frame);
  }
  run_ = std::make_unique<SamplingRun>(model_, request_);
}

std::size_t EvaluationSampler::steps() const {
  return runs_.empty() ? 0 : runs_.size() * static_cast<std::size_t>(run_->loop().total());
}

void EvaluationSampler::step() {
  run_->loop().step();
  if (!run_->loop().done()) return;
  for (auto& sprite : run_->sprites()) images_.push_back(std::move(sprite.image));
  if (++next_ < runs_.size()) open_run();
}

}  // namespace kiln
