#include "engine/network/model.h"

#include <algorithm>

#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {

Model make_model(std::string network_id, const ParamMap& network_params, const NetworkShape& shape, std::vector<std::string> classes) {
  const NetworkKind& kind = find_network(network_id);
  Model model;
  model.network_id = std::move(network_id);
  model.network_params = validated(kind.params, network_params, kind.label);
  model.shape = shape;
  model.shape.classes = static_cast<int>(classes.size());
  model.classes = std::move(classes);
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
