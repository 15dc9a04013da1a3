#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/api/catalog.h"
#include "engine/api/model_info.h"
#include "engine/api/sampling.h"

namespace kiln {

// What the Generate tab remembers.
struct GenerateSettings {
  std::string model;                  // path; empty: none chosen yet
  std::vector<std::string> classes;   // chosen, in the order of choosing; empty: every class in turn
  std::map<std::string, double> mix;  // class → weight; if any is above 0, all sprites use that mix
  std::string sampler = "ddim";
  std::map<std::string, ParamMap> sampler_params;          // by sampler
  ParamMap shared_params = defaults_of(sampling_specs());  // whole
  bool seed_locked = false;

  friend bool operator==(const GenerateSettings&, const GenerateSettings&) = default;
};

// Every parameter of `specs`, given ones brought into the range that an editor offers; others, and those of another type, as they
// are by default.
ParamMap fitting(const std::vector<ParamSpec>& specs, const ParamMap& given);

// The classes' weights that are above 0, in the model's order.
Condition mixed(const GenerateSettings& settings, const ModelInfo& model);

// Choosing a class ends a mix. `add` keeps what was chosen, and takes the class away again if it was among it.
void choose_class(GenerateSettings& settings, const std::string& name, bool add);

// Every value made fit for this catalog: unknown samplers and parameters dropped, numbers brought into range, what is missing
// from its default.
void fit_to(GenerateSettings& settings, const Catalog& catalog);

// The parameters that all samplers share, as they can be for this model: no more steps than it was trained on. model: may be null.
std::vector<ParamSpec> sampling_for(const Catalog& catalog, const ModelInfo* model);

// Classes that the model does not have are left out, and steps beyond its T.
SampleRequest make_request(const GenerateSettings& settings, const Catalog& catalog, const ModelInfo& model);

const SamplerInfo* find_sampler(const Catalog& catalog, const std::string& id);

}  // namespace kiln
