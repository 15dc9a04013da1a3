#pragma once

#include <vector>

#include "engine/api/catalog.h"
#include "engine/api/lab.h"
#include "engine/api/model_info.h"
#include "engine/base/param_spec.h"

namespace kiln {

// The parameters of sampling that the Lab tab has of its own; the others are the Generate tab's.
const std::vector<ParamSpec>& lab_params();
// Those of them that this model knows, as sampling_for(). model: may be null.
std::vector<ParamSpec> lab_params_for(const Catalog& catalog, const ModelInfo* model);

// What the Lab tab remembers.
struct LabSettings {
  double level = kLabLevel;
  ParamMap values = defaults_of(lab_params());  // whole
  ParamMap of_model;                            // as in GenerateSettings
  friend bool operator==(const LabSettings&, const LabSettings&) = default;
};

// Values that are as the model before had them become as this one has them; those set by hand stay.
void follow_model(LabSettings& settings, const ModelInfo& model);

}  // namespace kiln
