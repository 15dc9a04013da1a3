#include "engine/session/evaluation_sampler.h"

#include <algorithm>
#include <utility>

#include "engine/session/frame_classes.h"

namespace kiln {
namespace {

constexpr std::size_t kSpritesAtOnce = 64;

}  // namespace

EvaluationSampler::EvaluationSampler(std::shared_ptr<const Model> model, std::string path, SampleSettings settings)
    : model_(std::move(model)) {
  request_.model_path = std::move(path);
  request_.settings = std::move(settings);
  for (const auto& [name, frame] : frame_classes(*model_)) frame_classes_[name] = frame;
}

void EvaluationSampler::begin(const std::vector<std::string>& classes, std::uint64_t seed) {
  classes_ = classes;
  seed_ = seed;
  images_.clear();
  open_run();
}

std::size_t EvaluationSampler::at_once(std::size_t first) const {
  const std::size_t most = std::min(kSpritesAtOnce, classes_.size() - first);
  const std::uint64_t larger_seeds = kLargestSeed - (seed_ + first);
  return larger_seeds < most ? static_cast<std::size_t>(larger_seeds) + 1 : most;
}

void EvaluationSampler::open_run() {
  const std::size_t first = images_.size(), count = at_once(first);
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
  std::size_t runs = 0;
  for (std::size_t first = 0; first < classes_.size(); first += at_once(first)) ++runs;
  return runs * static_cast<std::size_t>(run_->loop().total());
}

void EvaluationSampler::step() {
  run_->loop().step();
  if (!run_->loop().done()) return;
  for (auto& sprite : run_->sprites()) images_.push_back(std::move(sprite.image));
  if (images_.size() < classes_.size()) open_run();
}

}  // namespace kiln
