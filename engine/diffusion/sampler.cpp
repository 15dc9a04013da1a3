#include "engine/diffusion/sampler.h"

#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {

Sampler ddim_sampler();
Sampler dpmpp_2m_sampler();
Sampler dpmpp_2m_sde_sampler();
Sampler ddpm_sampler();

const std::vector<Sampler>& samplers() {
  static const std::vector<Sampler> list{
      ddim_sampler(),
      dpmpp_2m_sampler(),
      dpmpp_2m_sde_sampler(),
      ddpm_sampler(),
  };
  return list;
}

const Sampler& find_sampler(std::string_view id) {
  std::vector<std::string> known;
  for (const Sampler& sampler : samplers()) {
    if (sampler.id == id) return sampler;
    known.push_back(sampler.id);
  }
  throw Failure(ErrorCode::kInvalidArgument, "there is no sampler “" + std::string(id) + "”", name_hint(id, known));
}

}  // namespace kiln
