#include "app/state/lab_settings.h"

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

}  // namespace kiln
