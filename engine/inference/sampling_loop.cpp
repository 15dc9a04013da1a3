#include "engine/inference/sampling_loop.h"

#include <deque>

#include "engine/diffusion/denoising_loop.h"
#include "engine/diffusion/seeds.h"
#include "engine/inference/recorded_loop.h"

namespace kiln {
namespace {

// Steps that are done when they have been asked for.
class PlainLoop : public SamplingLoop {
 public:
  PlainLoop(const Model& model, const DenoiserOptions& options, const RunConfig& config, const at::Tensor& condition,
            const std::vector<std::uint64_t>& seeds)
      : denoiser_(make_denoiser(model, options)),
        loop_(schedule_of(model.diffusion), parse_prediction(model.diffusion.prediction), config, *denoiser_, condition,
              std::make_unique<SpriteNoise>(seeds, model.shape.channels, model.shape.height, model.shape.width, options.device)) {}

  void step() override { loop_.step(); }
  int steps_done() const override { return loop_.steps_done(); }
  int total() const override { return loop_.total(); }
  Picture picture() const override { return {done() ? loop_.x() : loop_.x0(), loop_.steps_done()}; }
  void ask_for_picture() override { pictures_.push_back(picture()); }
  std::optional<Picture> next_picture(bool) override {
    if (pictures_.empty()) return std::nullopt;
    Picture next = std::move(pictures_.front());
    pictures_.pop_front();
    return next;
  }

 private:
  std::unique_ptr<Denoiser> denoiser_;
  DenoisingLoop loop_;
  std::deque<Picture> pictures_;
};

}  // namespace

NoiseSchedule schedule_of(const ModelDiffusion& diffusion) {
  return make_schedule(
      {diffusion.schedule, diffusion.timesteps, diffusion.beta_start, diffusion.beta_end, diffusion.zero_terminal_snr});
}

std::unique_ptr<SamplingLoop> make_sampling_loop(const Model& model, const DenoiserOptions& options, const RunConfig& config,
                                                 const at::Tensor& condition, const std::vector<std::uint64_t>& seeds) {
  if (options.device.is_cuda()) {
    if (auto recorded = make_recorded_loop(model, options, config, condition, seeds)) return recorded;
  }
  return std::make_unique<PlainLoop>(model, options, config, condition, seeds);
}

}  // namespace kiln
