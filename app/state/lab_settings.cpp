#include "app/state/lab_settings.h"

#include <algorithm>

#include "app/state/generate_settings.h"
#include "engine/api/sampling.h"

namespace kiln {

const std::vector<ParamSpec>& lab_params() {
  static const std::vector<ParamSpec> params = [] {
    std::vector<ParamSpec> chosen;
    for (const char* id : {"guidance", "rescale", "steps", "seed"}) chosen.push_back(find_spec(sampling_specs(), id, "sampling"));
    return chosen;
  }();
  return params;
}

std::vector<ParamSpec> lab_params_for(const Catalog& catalog, const ModelInfo* model) {
  const std::vector<ParamSpec> all = sampling_for(catalog, model);
  std::vector<ParamSpec> chosen;
  for (const ParamSpec& own : lab_params()) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const ParamSpec& spec) { return spec.id == own.id; });
    if (found != all.end()) chosen.push_back(*found);
  }
  return chosen;
}

void follow_model(LabSettings& settings, const ModelInfo& model) {
  if (settings.of_model == model.sampling) return;
  follow_defaults(settings.values, settings.of_model, model.sampling);
  settings.of_model = model.sampling;
}

}  // namespace kiln
