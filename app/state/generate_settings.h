#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/api/catalog.h"
#include "engine/api/model_info.h"
#include "engine/api/recipe_json.h"
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
  ParamMap of_model;         // as the model's file said that was open last; values that are not as it said were set by hand
  std::string recipe_model;  // path of the model that a recipe's values are for, until one is opened: then they stay. Not saved
  bool seed_locked = false;
  std::string negative;                                    // class that guidance leads away from; empty: none
  ParamMap init_params = defaults_of(init_image_specs());  // of sprites from a start image
  bool several_strengths = false;                          // of a batch from a start image: from near to it up to that strength
  ParamMap repair_params = {{"strength", 1.0}, {"resample", std::int64_t{3}}};
  double variation = 0.3;  // of “more like this”
  bool live = false;       // sprites follow the sliders

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

// Sampler and values that are as the model before had them become as this one has them; those set by hand stay, and all that a
// recipe for this model has set.
void follow_model(GenerateSettings& settings, const ModelInfo& model);

// Values that are as a model with `before` in its file has them become as one with `now` has them; those set by hand stay.
void follow_defaults(ParamMap& values, const ParamMap& before, const ParamMap& now);

// The parameters that all samplers share, as they can be for this model: its defaults, and no more steps than it was trained on.
// model: may be null.
std::vector<ParamSpec> sampling_for(const Catalog& catalog, const ModelInfo* model);

// Why there is no negative class with these settings, or "".
std::string why_not_negative(const GenerateSettings& settings, const ModelInfo* model);

// Classes that the model does not have are left out, steps beyond its T, and a negative class that guidance has no use for.
SampleRequest make_request(const GenerateSettings& settings, const Catalog& catalog, const ModelInfo& model);

// The same sprites, as nearly as the model distilled from that one draws them in a few steps. Only where there is one.
void draw_with_live_model(SampleRequest& request, const ModelInfo& model);

// Takes over what a picture's sprites were made with, its model and its init image left alone; `model`: path of the one that it is
// for. False if something of that cannot be set here: several batches, a mix in turn with others, a mask, a mix to lead away from,
// pixels changed by hand; then it is as near as can be.
bool use_recipe(GenerateSettings& settings, const PictureRecipe& picture, const std::string& model);

const SamplerInfo* find_sampler(const Catalog& catalog, const std::string& id);

}  // namespace kiln
