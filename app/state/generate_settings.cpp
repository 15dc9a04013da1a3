#include "app/state/generate_settings.h"

#include <algorithm>

namespace kiln {
namespace {

bool has_class(const ModelInfo& model, const std::string& name) {
  return std::find(model.classes.begin(), model.classes.end(), name) != model.classes.end();
}

}  // namespace

ParamMap fitting(const std::vector<ParamSpec>& specs, const ParamMap& given) {
  ParamMap fit = defaults_of(specs);
  for (const ParamSpec& spec : specs) {
    const auto found = given.find(spec.id);
    if (found == given.end()) continue;
    for (const auto& [id, value] : known_params(specs, {{spec.id, brought_into_range(spec, found->second)}})) fit[id] = value;
  }
  return fit;
}

Condition mixed(const GenerateSettings& settings, const ModelInfo& model) {
  Condition mix;
  for (const std::string& name : model.classes) {
    const auto found = settings.mix.find(name);
    if (found != settings.mix.end() && found->second > 0) mix.push_back({name, found->second});
  }
  return mix;
}

void choose_class(GenerateSettings& settings, const std::string& name, bool add) {
  settings.mix.clear();
  auto& chosen = settings.classes;
  if (!add) {
    chosen = {name};
  } else if (std::erase(chosen, name) == 0) {
    chosen.push_back(name);
  }
}

void fit_to(GenerateSettings& settings, const Catalog& catalog) {
  if (!find_sampler(catalog, settings.sampler) && !catalog.samplers.empty()) settings.sampler = catalog.samplers.front().id;
  for (const SamplerInfo& sampler : catalog.samplers) {
    auto& params = settings.sampler_params[sampler.id];
    params = fitting(sampler.params, params);
  }
  settings.shared_params = fitting(catalog.sampling, settings.shared_params);
}

std::vector<ParamSpec> sampling_for(const Catalog& catalog, const ModelInfo* model) {
  std::vector<ParamSpec> specs = catalog.sampling;
  for (ParamSpec& spec : specs) {
    if (spec.id == "steps" && model && model->timesteps > 0) spec.shown_max = std::min<double>(spec.most(), model->timesteps);
  }
  return specs;
}

SampleRequest make_request(const GenerateSettings& settings, const Catalog& catalog, const ModelInfo& model) {
  GenerateSettings fit = settings;
  fit_to(fit, catalog);
  SampleRequest request;
  request.model_path = model.path;
  request.settings.sampler = fit.sampler;
  request.settings.sampler_params = fit.sampler_params[fit.sampler];
  request.settings.shared_params = fitting(sampling_for(catalog, &model), fit.shared_params);
  if (Condition mix = mixed(fit, model); !mix.empty()) {
    request.conditions = {mix};
    return request;
  }
  for (const std::string& name : fit.classes) {
    if (has_class(model, name)) request.conditions.push_back({{name, 1}});
  }
  return request;
}

const SamplerInfo* find_sampler(const Catalog& catalog, const std::string& id) {
  const auto found = std::find_if(catalog.samplers.begin(), catalog.samplers.end(), [&](const auto& s) { return s.id == id; });
  return found == catalog.samplers.end() ? nullptr : &*found;
}

}  // namespace kiln
