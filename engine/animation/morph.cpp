#include "engine/animation/morph.h"

#include <map>
#include <string>

namespace kiln {
namespace {

// `part` of the way from one condition to the other, the weights in proportion.
Condition between(const Condition& from, const Condition& to, double part) {
  if (from == to) return from;
  std::map<std::string, double> weights;
  for (const auto& [name, weight] : from) weights[name] += weight * (1 - part);
  for (const auto& [name, weight] : to) weights[name] += weight * part;
  Condition mix;
  for (const auto& [name, weight] : weights) {
    if (weight > 0) mix.push_back({name, weight});
  }
  return mix;
}

}  // namespace

const std::vector<ParamSpec>& morph_specs() {
  static const std::vector<ParamSpec> specs = {{.id = "frames",
                                                .label = "Frames",
                                                .fallback = kMorphFrames,
                                                .min = kLeastMorphFrames,
                                                .max = kMostMorphFrames,
                                                .help = "How many frames, the first and the last among them",
                                                .shown_max = 32}};
  return specs;
}

SampleRequest morph_request(const Morph& morph, int index, int count) {
  const double part = static_cast<double>(index) / (count - 1);
  SampleRequest request = morph.from;
  ParamMap& values = request.settings.shared_params;
  values["count"] = std::int64_t{1};
  values["preview_every"] = std::int64_t{0};
  if (const std::uint64_t seed = get_seed(values, "seed"); part > 0 && morph.to_seed && *morph.to_seed != seed) {
    values["variation_of"] = whole_number(seed);
    values["variation"] = part;
    values["seed"] = whole_number(*morph.to_seed);
  }
  if (morph.to_condition && !request.conditions.empty())
    request.conditions = {between(request.conditions.front(), *morph.to_condition, part)};
  return request;
}

}  // namespace kiln
