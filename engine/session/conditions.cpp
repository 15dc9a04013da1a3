#include "engine/session/conditions.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "engine/base/error.h"

namespace kiln {

at::Tensor condition_tensor(const Model& model, const std::vector<Condition>& conditions, const std::vector<int>& frames) {
  at::Tensor tensor = at::zeros(
      {static_cast<std::int64_t>(conditions.size()), static_cast<std::int64_t>(model.classes.size()) + model.shape.frames});
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const Condition& condition = conditions[i];
    float* out = tensor[static_cast<std::int64_t>(i)].data_ptr<float>();
    std::vector<NamedWeight> named;
    for (const auto& [name, weight] : condition) {
      if (!(weight >= 0 && weight <= 100))
        throw Failure(ErrorCode::kInvalidArgument, "the weight of “" + name + "” is not between 0 and 100", "1 is the whole class");
      named.push_back({name, weight});
    }
    const auto weights = class_weights(model, named);
    out = std::copy(weights.begin(), weights.end(), out);
    if (const int frame = i < frames.size() ? frames[i] : 0; frame > 0) out[frame - 1] = 1;
  }
  return tensor;
}

}  // namespace kiln
