#include "engine/diffusion/run_config.h"

#include "engine/api/sampling.h"
#include "engine/base/error.h"
#include "engine/diffusion/sampler.h"

namespace kiln {
RunConfig make_run_config(std::string_view sampler, const ParamMap& sampler_params, const ParamMap& shared_params) {
  const Sampler& chosen = find_sampler(sampler);
  const ParamMap shared = validated(sampling_specs(), shared_params, "sampling");
  RunConfig config;
  config.sampler = chosen.id;
  config.sampler_params = validated(chosen.params, sampler_params, "sampler " + chosen.id);
  config.steps = static_cast<int>(get_int(shared, "steps"));
  config.spacing = parse_spacing(get_text(shared, "spacing"));
  config.guidance = {.scale = get_real(shared, "guidance"),
                     .from = get_real(shared, "guidance_from"),
                     .to = get_real(shared, "guidance_to"),
                     .rescale = get_real(shared, "rescale")};
  if (config.guidance.from > config.guidance.to) {
    throw Failure(ErrorCode::kInvalidArgument, "guidance would end before it begins", "set guidance_from below guidance_to");
  }
  config.symmetric = get_text(shared, "symmetry") == "left_right";
  config.outline = parse_outline(get_text(shared, "outline"));
  config.clamp = get_bool(shared, "clamp");
  return config;
}

}  // namespace kiln
