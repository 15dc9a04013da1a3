#include "engine/diffusion/sampler.h"

#include <ATen/ATen.h>

#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {

Sampler ddim_sampler();
Sampler dpmpp_2m_sampler();
Sampler ddpm_sampler();

const std::vector<Sampler>& samplers() {
  static const std::vector<Sampler> list{
      ddim_sampler(),
      dpmpp_2m_sampler(),
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

at::Tensor apply_step(const StepWeights& weights, const at::Tensor& x_t, const at::Tensor& x0, const at::Tensor& epsilon,
                      const at::Tensor& previous_x0, NoiseSource& noise) {
  at::Tensor next = x0 * weights.x0;
  // Products and sums stay separate operations, see prediction.cpp.
  const auto add = [&next](const at::Tensor& term, double weight) {
    if (weight != 0) next = next + term * weight;
  };
  add(x_t, weights.x_t);
  add(epsilon, weights.epsilon);
  add(previous_x0, weights.previous_x0);
  if (weights.noise != 0) add(noise.draw(), weights.noise);
  return next;
}

}  // namespace kiln
