#include "engine/inference/make_denoiser.h"

#include "engine/inference/recorded_denoiser.h"

namespace kiln {

std::unique_ptr<Denoiser> make_denoiser(const Model& model, const DenoiserOptions& options) {
  if (auto planned = make_planned_denoiser(model, options)) return planned;
  if (auto recorded = make_recorded_denoiser(model, options, make_cuda_stream)) return recorded;
  return make_eager_denoiser(model, options);
}

}  // namespace kiln
