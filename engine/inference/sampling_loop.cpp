#include "engine/inference/sampling_loop.h"

#include <deque>
#include <string>

#include "engine/base/error.h"
#include "engine/diffusion/denoising_loop.h"
#include "engine/diffusion/seeds.h"
#include "engine/inference/distilled_run.h"
#include "engine/inference/recorded_loop.h"

namespace kiln {
namespace {

// Steps that are done when they have been asked for.
class PlainLoop : public SamplingLoop {
 public:
  PlainLoop(const Model& model, std::shared_ptr<Denoiser> denoiser, c10::Device device, const RunConfig& config,
            const Conditioning& conditioning, const SpriteSeeds& seeds)
      : denoiser_(std::move(denoiser)),
        loop_(make_schedule(model.diffusion.schedule), output_head(model).on(device), config, *denoiser_, conditioning,
              std::make_unique<SpriteNoise>(seeds, model.shape.channels, model.shape.height, model.shape.width, device)) {}

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
  std::shared_ptr<Denoiser> denoiser_;
  DenoisingLoop loop_;
  std::deque<Picture> pictures_;
};

}  // namespace

OutputHead output_head(const Model& model) {
  const int outputs = model.shape.output_channels(), channels = model.shape.channels;
  if (!model.palette_head.empty()) return OutputHead(entries_tensor(model.palette_head, channels));
  if (outputs != channels) {
    throw Failure(ErrorCode::kUnsupported,
                  "this model's network gives " + std::to_string(outputs) + " numbers for a pixel of " + std::to_string(channels) +
                      " channels",
                  "update this program, or choose another model");
  }
  return model.diffusion.prediction;
}

std::unique_ptr<SamplingLoop> ModelSampler::begin(RunConfig config, Conditioning conditioning, const SpriteSeeds& seeds) {
  if (model_.is_distilled()) suit_to_distilled(model_, config, conditioning);
  if (options_.device.is_cuda()) {
    if (auto recorded = make_recorded_loop(model_, options_, config, conditioning, seeds)) return recorded;
  }
  if (!denoiser_) denoiser_ = make_denoiser(model_, options_);
  return std::make_unique<PlainLoop>(model_, denoiser_, options_.device, config, conditioning, seeds);
}

std::unique_ptr<SamplingLoop> make_sampling_loop(const Model& model, const DenoiserOptions& options, const RunConfig& config,
                                                 const Conditioning& conditioning, const SpriteSeeds& seeds) {
  return ModelSampler(model, options).begin(config, conditioning, seeds);
}

}  // namespace kiln
