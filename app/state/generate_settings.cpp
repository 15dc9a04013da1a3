#include "app/state/generate_settings.h"

#include <algorithm>
#include <utility>

#include "engine/gallery/recipe_batch.h"

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
  settings.init_params = fitting(init_image_specs(), settings.init_params);
  settings.repair_params = fitting(init_image_specs(), settings.repair_params);
  settings.variation = std::clamp(settings.variation, 0.01, 1.0);
}

void follow_defaults(ParamMap& values, const ParamMap& before, const ParamMap& now) {
  const ParamMap were = with_defaults({}, before).shared_params, are = with_defaults({}, now).shared_params;
  for (auto& [id, value] : values) {
    const auto was = were.find(id), is = are.find(id);
    if (was != were.end() && is != are.end() && value == was->second) value = is->second;
  }
}

void follow_model(GenerateSettings& settings, const ModelInfo& model) {
  if (settings.of_model == model.sampling) return;
  if (std::exchange(settings.recipe_model, {}) == model.path && !model.path.empty()) {
    settings.of_model = model.sampling;
    return;
  }
  SampleSettings none;
  none.sampler.clear();
  const SampleSettings before = with_defaults(none, settings.of_model), now = with_defaults(none, model.sampling);
  if (settings.sampler == before.sampler) settings.sampler = now.sampler;
  follow_defaults(settings.shared_params, settings.of_model, model.sampling);
  settings.of_model = model.sampling;
}

std::vector<ParamSpec> sampling_for(const Catalog& catalog, const ModelInfo* model) {
  std::vector<ParamSpec> specs =
      model ? with_fallbacks(catalog.sampling, known_params(model_sampling_specs(), model->sampling)) : catalog.sampling;
  if (model && model->distilled) {  // what was settled when it was distilled
    std::erase_if(specs, [](const ParamSpec& spec) {
      return spec.id == "guidance_from" || spec.id == "guidance_to" || spec.id == "rescale" || spec.id == "spacing";
    });
  }
  const auto frames = model ? model->frames : std::vector<int>();
  if (frames.empty()) std::erase_if(specs, [](const ParamSpec& spec) { return spec.id == "frame"; });
  for (ParamSpec& spec : specs) {
    if (spec.id == "frame") {
      spec.basic = true;
      spec.shown_max = *std::max_element(frames.begin(), frames.end());
    }
    if (spec.id == "steps" && model && model->timesteps > 0) spec.shown_max = std::min<double>(spec.most(), model->timesteps);
    if (spec.id == "guidance" && model && model->distilled) {
      spec.min = kLeastBuiltInGuidance;
      spec.shown_max = kMostBuiltInGuidance;
    }
  }
  return specs;
}

std::string why_not_negative(const GenerateSettings& settings, const ModelInfo* model) {
  if (model && model->classes.empty()) return "This model has no classes";
  const auto guidance = settings.shared_params.find("guidance");
  if (guidance != settings.shared_params.end() && std::get<double>(guidance->second) == 1)
    return "Guidance 1 makes no use of it: set guidance above 1";
  return "";
}

SampleRequest make_request(const GenerateSettings& settings, const Catalog& catalog, const ModelInfo& model) {
  GenerateSettings fit = settings;
  fit_to(fit, catalog);
  SampleRequest request;
  request.model_path = model.path;
  request.settings.sampler = model.distilled ? std::string(kDefaultSampler) : fit.sampler;
  if (!model.distilled) request.settings.sampler_params = fit.sampler_params[fit.sampler];
  request.settings.shared_params = fitting(sampling_for(catalog, &model), fit.shared_params);
  if (has_class(model, fit.negative) && why_not_negative(fit, &model).empty()) request.settings.negative = {{fit.negative, 1}};
  if (Condition mix = mixed(fit, model); !mix.empty()) {
    request.conditions = {mix};
    return request;
  }
  for (const std::string& name : fit.classes) {
    if (has_class(model, name)) request.conditions.push_back({{name, 1}});
  }
  return request;
}

void draw_with_live_model(SampleRequest& request, const ModelInfo& model) {
  request.model_path = model.live;
  request.settings.sampler = kDefaultSampler;
  request.settings.sampler_params.clear();
  ParamMap& values = request.settings.shared_params;
  for (const char* settled : {"guidance_from", "guidance_to", "rescale", "spacing"}) values.erase(settled);
  values["steps"] = kFewSteps;
  values["guidance"] = std::clamp(get_real(values, "guidance"), kLeastBuiltInGuidance, kMostBuiltInGuidance);
}

bool use_recipe(GenerateSettings& settings, const PictureRecipe& picture, const std::string& model) {
  const auto batch = batch_of(picture);
  const SampleRequest request = batch ? *batch : request_of(picture.sprites.front());
  const SampleSettings& from = request.settings;
  settings.sampler = from.sampler;
  settings.sampler_params[from.sampler] = from.sampler_params;
  settings.shared_params = from.shared_params;
  settings.recipe_model = model;
  settings.seed_locked = true;
  settings.classes.clear();
  settings.mix.clear();
  const auto is_class = [](const Condition& c) { return c.size() == 1 && c.front().weight == 1; };
  settings.negative = is_class(from.negative) ? from.negative.front().name : "";
  if (!from.init_image.path.empty()) {
    settings.init_params = fitting(init_image_specs(), from.init_params);
    settings.several_strengths = false;
  }
  const auto& conditions = request.conditions;
  const bool classes = std::all_of(conditions.begin(), conditions.end(), is_class);
  const bool mix = !classes && conditions.size() == 1;
  for (const Condition& condition : conditions) {
    if (classes) settings.classes.push_back(condition.front().name);
  }
  if (mix) {
    for (const ClassWeight& part : conditions.front()) settings.mix[part.name] = part.weight;
  }
  const bool fits = get_int(from.shared_params, "count") <= kMostSprites;
  return batch && fits && (classes || mix) && (from.negative.empty() || is_class(from.negative)) && from.mask.path.empty() &&
         std::all_of(picture.sprites.begin(), picture.sprites.end(), is_repeatable);
}

const SamplerInfo* find_sampler(const Catalog& catalog, const std::string& id) {
  const auto found = std::find_if(catalog.samplers.begin(), catalog.samplers.end(), [&](const auto& s) { return s.id == id; });
  return found == catalog.samplers.end() ? nullptr : &*found;
}

}  // namespace kiln
