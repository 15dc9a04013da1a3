#include "engine/diffusion/run_config.h"

#include "engine/base/error.h"
#include "engine/diffusion/sampler.h"

namespace kiln {
namespace {

ParamSpec real(std::string id, std::string label, double fallback, double max, std::string help) {
  ParamSpec spec;
  spec.id = std::move(id);
  spec.label = std::move(label);
  spec.fallback = fallback;
  spec.max = max;
  spec.help = std::move(help);
  return spec;
}

}  // namespace

std::vector<ParamSpec> sampling_specs() {
  ParamSpec spacing;
  spacing.id = "spacing";
  spacing.label = "Step spacing";
  spacing.fallback = std::string("trailing");
  spacing.choices = {"leading", "linspace", "trailing"};
  spacing.help = "Which of the trained noise levels the steps visit; trailing starts at the noisiest";
  ParamSpec clamp;
  clamp.id = "clamp";
  clamp.label = "Clamp colours";
  clamp.fallback = true;
  clamp.help = "Keeps every step's predicted sprite within the range of colours";
  return {
      real("guidance", "Guidance", 3, 15,
           "How strongly the class is followed: 1 as the model learned it, more for clearer but less varied sprites"),
      real("guidance_from", "Guidance from", 0, 1, "The part of the run where guidance begins: 0 is the first step"),
      real("guidance_to", "Guidance to", 1, 1, "The part of the run where guidance ends: 1 is the last step"),
      real("rescale", "Guidance rescale", 0, 1, "Takes back the standard deviation that strong guidance adds: 0 nothing, 1 all of it"),
      spacing,
      clamp,
  };
}

RunConfig make_run_config(std::string_view sampler, int steps, const ParamMap& sampler_params, const ParamMap& shared_params) {
  const Sampler& chosen = find_sampler(sampler);
  const ParamMap shared = validated(sampling_specs(), shared_params, "sampling");
  RunConfig config;
  config.sampler = chosen.id;
  config.sampler_params = validated(chosen.params, sampler_params, "sampler " + chosen.id);
  config.steps = steps;
  config.spacing = parse_spacing(get_text(shared, "spacing"));
  config.guidance = {.scale = get_real(shared, "guidance"),
                     .from = get_real(shared, "guidance_from"),
                     .to = get_real(shared, "guidance_to"),
                     .rescale = get_real(shared, "rescale")};
  if (config.guidance.from > config.guidance.to) {
    throw Failure(ErrorCode::kInvalidArgument, "guidance would end before it begins", "set guidance_from below guidance_to");
  }
  config.clamp = get_bool(shared, "clamp");
  return config;
}

}  // namespace kiln
