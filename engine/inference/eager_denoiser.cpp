#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "engine/inference/device_network.h"
#include "engine/inference/make_denoiser.h"

namespace kiln {
namespace {

// The network as sampling wants it while this lives, as it was afterwards: a training may own it.
class ForSampling {
 public:
  ForSampling(Network& network, at::ScalarType type)
      : network_(network), training_(network.is_training()), type_(network.compute_type()) {
    if (training_) network_.eval();
    network_.set_compute_type(type);
  }
  ~ForSampling() {
    if (training_) network_.train();
    network_.set_compute_type(type_);
  }
  ForSampling(const ForSampling&) = delete;
  ForSampling& operator=(const ForSampling&) = delete;

 private:
  Network& network_;
  bool training_;
  at::ScalarType type_;
  at::NoGradGuard no_grad_;
};

class EagerDenoiser : public Denoiser {
 public:
  EagerDenoiser(const Model& model, const DenoiserOptions& options)
      : network_(options.device.is_cpu() ? model.network : device_network(model, options.device, options.bf16)),
        steps_(model.diffusion.schedule.length),
        device_(options.device),
        tiling_(options.tiling),
        type_(options.bf16 ? at::kBFloat16 : at::kFloat) {}

  void begin(const std::vector<double>& timesteps, const at::Tensor& condition, const at::Tensor& negative) override {
    timesteps_ = timesteps;
    condition_ = condition.to(device_);
    both_ = at::cat({condition_, negative.to(device_)});
  }

  at::Tensor evaluate(const at::Tensor& x, int step, bool guided) override {
    const ForSampling for_sampling(*network_, type_);
    const TilingScope tiling(tiling_);
    const at::Tensor input = guided ? at::cat({x, x}) : x;
    const double t = timesteps_[static_cast<std::size_t>(step)] / steps_;
    return network_->forward(input, at::full({input.size(0)}, t, input.options()), guided ? both_ : condition_);
  }

 private:
  std::shared_ptr<Network> network_;
  double steps_;
  c10::Device device_;
  Tiling tiling_;
  at::ScalarType type_;
  std::vector<double> timesteps_;
  at::Tensor condition_, both_;  // [B, K], [2B, K]
};

}  // namespace

std::unique_ptr<Denoiser> make_eager_denoiser(const Model& model, const DenoiserOptions& options) {
  return std::make_unique<EagerDenoiser>(model, options);
}

}  // namespace kiln
