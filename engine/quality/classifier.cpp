#include "engine/quality/classifier.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>
#include <map>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/log.h"
#include "engine/base/text.h"
#include "engine/data/batches.h"
#include "engine/data/split.h"
#include "engine/network/tensor_io.h"
#include "engine/quality/pictures.h"

namespace kiln {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr double kValidationShare = 0.1;
constexpr int kEpochs = 30, kFewestSteps = 80, kMostSteps = 6000;
constexpr const char* kVersion = "1";  // of shape and training: another one makes kept classifiers useless

// Three stages for 16×16, one more for each doubling.
ConvNetShape shape_of(int width, int height, int classes) {
  ConvNetShape shape{4, {24, 48, 96}, classes};
  for (int side = std::min(width, height); side >= 32 && shape.widths.size() < 6; side /= 2) shape.widths.push_back(96);
  return shape;
}

ConvNetTrainingOptions options_for(std::size_t sprites) {
  ConvNetTrainingOptions options;
  options.steps = std::clamp(kEpochs * static_cast<int>(sprites) / options.batch, kFewestSteps, kMostSteps);
  options.label_smoothing = 0.05;
  options.mirror = true;
  options.seed = kSeed;
  return options;
}

}  // namespace

SpriteClassifier::SpriteClassifier(int width, int height, int classes) : net_(shape_of(width, height, classes), kSeed) {}

SpriteClassifier::Answers SpriteClassifier::look_at(const std::vector<Image>& images) {
  const ConvNetAnswers answers = answers_of(net_, pictures_of(images));
  const at::Tensor best = answers.logits.argmax(1).to(at::kInt).contiguous();
  return {answers.features, {best.data_ptr<int>(), best.data_ptr<int>() + best.numel()}};
}

ClassifierTraining::ClassifierTraining(const SpriteSet& set, const std::vector<int>& groups, std::filesystem::path cache)
    : classifier_(std::make_unique<SpriteClassifier>(set.width, set.height, static_cast<int>(set.classes.size()))) {
  if (!cache.empty()) file_ = cache / ("features-" + fingerprint(set) + "-" + kVersion + ".safetensors");
  if ((cached_ = load())) return;
  const Split split = split_set(set, kValidationShare, kSeed, groups);
  for (const int i : split.validation) {
    const auto& sprite = set.sprites[static_cast<std::size_t>(i)];
    validation_.push_back(sprite.image);
    validation_classes_.push_back(sprite.class_index);
  }
  std::vector<std::int64_t> labels;
  for (const int i : split.train) labels.push_back(set.sprites[static_cast<std::size_t>(i)].class_index);
  training_ = std::make_unique<ConvNetTraining>(classifier_->net(), sprites_tensor(set, split.train, 4), at::tensor(labels),
                                                options_for(labels.size()));
}

bool ClassifierTraining::step() {
  if (cached_) return false;
  if (training_->step()) return true;
  measure();
  save();
  return false;
}

void ClassifierTraining::measure() {
  classifier_->validation_accuracy = std::numeric_limits<double>::quiet_NaN();
  if (validation_.empty()) return;
  const std::vector<int> found = classifier_->look_at(validation_).classes;
  double right = 0;
  for (std::size_t i = 0; i < found.size(); ++i) right += found[i] == validation_classes_[i];
  classifier_->validation_accuracy = right / static_cast<double>(found.size());
}

// A file that cannot be used is one that is not there: it is made again.
bool ClassifierTraining::load() {
  if (file_.empty() || !std::filesystem::exists(file_)) return false;
  try {
    const Safetensors file = read_safetensors(file_);
    const auto targets = classifier_->net().named_tensors();
    std::map<std::string, at::Tensor> values;
    for (const auto& [name, target] : targets) {
      values[name] = to_tensor(file, file.tensors.at(name));
      if (values[name].sizes() != target.sizes()) return false;
    }
    const auto accuracy = parse_real(file.metadata.at("validation_accuracy"));
    for (const auto& [name, target] : targets) target.detach().copy_(values[name]);
    classifier_->validation_accuracy = accuracy.value_or(std::numeric_limits<double>::quiet_NaN());
    return true;
  } catch (const std::exception& error) {
    log_info(file_.string() + " is made again: " + error.what());
    return false;
  }
}

// What cannot be kept is made again the next time.
void ClassifierTraining::save() const {
  if (file_.empty()) return;
  TensorsToWrite tensors;
  for (const auto& [name, tensor] : classifier_->net().named_tensors()) tensors.add(name, tensor);
  try {
    write_file(file_, tensors.encode({{"validation_accuracy", std::to_string(classifier_->validation_accuracy)}}));
  } catch (const Failure& failure) {
    log_warn(failure.error().message + "; " + failure.error().hint);
  }
}

}  // namespace kiln
