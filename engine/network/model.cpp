#include "engine/network/model.h"

#include <algorithm>

#include "engine/base/animation_limits.h"
#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/network/limits.h"
#include "engine/network/weight_drawing.h"

namespace kiln {
namespace {

constexpr int kLongestSide = 256;
constexpr std::size_t kMostClasses = 10000;
constexpr int kMostOutputs = 1024;
constexpr int kMostLabels = 1024;

}  // namespace

std::unique_lock<std::recursive_mutex> lock_weight_drawing() {
  static std::recursive_mutex mutex;
  return std::unique_lock(mutex);
}

Model make_model(std::string network_id, const ParamMap& network_params, const NetworkShape& shape,
                 std::vector<std::string> classes, std::vector<int> frames) {
  const NetworkKind& kind = find_network(network_id);
  Model model;
  model.network_id = std::move(network_id);
  model.network_params = validated(kind.params, network_params, kind.label);
  model.shape = shape;
  model.shape.classes = static_cast<int>(classes.size());
  model.classes = std::move(classes);
  model.frames = std::move(frames);
  model.shape.frames = model.frames.empty() ? 0 : *std::max_element(model.frames.begin(), model.frames.end());
  if (shape.width < 1 || shape.width > kLongestSide || shape.height < 1 || shape.height > kLongestSide ||
      model.classes.size() > kMostClasses) {
    throw Failure(ErrorCode::kUnsupported, "the model's sprites or classes are out of bounds",
                  "sprites up to 256×256 and 10,000 classes can be used");
  }
  if (shape.outputs < 0 || shape.outputs > kMostOutputs) {
    throw Failure(ErrorCode::kUnsupported, "a network cannot give " + std::to_string(shape.outputs) + " numbers for a pixel",
                  "1 to " + std::to_string(kMostOutputs) + " can be used");
  }
  if (shape.labels < 0 || shape.labels > kMostLabels || (shape.labels > 0 && !kind.takes_labels)) {
    throw Failure(ErrorCode::kInvalidArgument, kind.label + " is not told " + std::to_string(shape.labels) + " augmentation labels",
                  "turn augmentation_labels off, or choose the network kiln_unet");
  }
  const auto is_out_of_bounds = [](int count) { return count < 0 || count > kMostFrames; };
  if (!model.frames.empty() && (!kind.takes_frames || model.frames.size() != model.classes.size() ||
                                std::any_of(model.frames.begin(), model.frames.end(), is_out_of_bounds))) {
    throw Failure(ErrorCode::kInvalidArgument, kind.label + " cannot be told which frame of these animations a sprite is",
                  "turn frames off, or choose the network kiln_unet");
  }
  if (shape.distilled && (!kind.distills || shape.labels > 0)) {
    throw Failure(ErrorCode::kInvalidArgument, kind.label + " cannot be distilled to",
                  "choose the network kiln_unet, without augmentation labels");
  }
  if (const double count = kind.fewest_parameters(model.shape, model.network_params); count > kMostParameters) {
    throw Failure(ErrorCode::kInvalidArgument,
                  "a network of " + std::to_string(static_cast<long long>(count / 1e6)) + " million parameters is too large",
                  "lower width, multipliers or blocks; 250 million is the most");
  }
  const auto lock = lock_weight_drawing();
  model.network = kind.make(model.shape, model.network_params);
  return model;
}

std::vector<float> class_weights(const Model& model, const std::vector<NamedWeight>& condition) {
  std::vector<float> weights(model.classes.size(), 0.0F);
  for (const auto& [name, weight] : condition) {
    const auto found = std::find(model.classes.begin(), model.classes.end(), name);
    if (found == model.classes.end()) {
      throw Failure(ErrorCode::kNotFound, "this model has no class “" + name + "”", name_hint(name, model.classes));
    }
    weights[static_cast<std::size_t>(found - model.classes.begin())] += static_cast<float>(weight);
  }
  return weights;
}

}  // namespace kiln
