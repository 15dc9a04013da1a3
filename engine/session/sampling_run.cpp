#include "engine/session/sampling_run.h"

#include <ATen/ATen.h>

#include <filesystem>

#include "engine/base/error.h"
#include "engine/diffusion/seeds.h"
#include "engine/session/devices.h"
#include "engine/session/pixels.h"

namespace kiln {
namespace {

constexpr int kMostSprites = 4096;

std::vector<Condition> conditions_of(const Model& model, const SampleRequest& request) {
  std::vector<Condition> all = request.conditions;
  if (all.empty()) {
    for (const auto& name : model.classes) all.push_back({{name, 1.0}});
  }
  if (all.empty()) all.push_back({});
  std::vector<Condition> each;
  for (int i = 0; i < request.count; ++i) each.push_back(all[static_cast<std::size_t>(i) % all.size()]);
  return each;
}

at::Tensor condition_tensor(const Model& model, const std::vector<Condition>& conditions) {
  at::Tensor tensor = at::zeros({static_cast<std::int64_t>(conditions.size()), static_cast<std::int64_t>(model.classes.size())});
  float* out = tensor.data_ptr<float>();
  for (const auto& condition : conditions) {
    std::vector<NamedWeight> named;
    for (const auto& [name, weight] : condition) {
      if (!(weight >= 0 && weight <= 100))
        throw Failure(ErrorCode::kInvalidArgument, "the weight of “" + name + "” is not between 0 and 100", "1 is the whole class");
      named.push_back({name, weight});
    }
    const auto weights = class_weights(model, named);
    out = std::copy(weights.begin(), weights.end(), out);
  }
  return tensor;
}

NoiseSchedule schedule_of(const ModelDiffusion& d) {
  return make_schedule({d.schedule, d.timesteps, d.beta_start, d.beta_end, d.zero_terminal_snr});
}

}  // namespace

SamplingRun::SamplingRun(std::shared_ptr<const Model> model, const SampleRequest& request)
    : model_(std::move(model)), request_(request) {
  if (request.count < 1 || request.count > kMostSprites) {
    throw Failure(ErrorCode::kInvalidArgument, std::to_string(request.count) + " sprites cannot be made at once",
                  "ask for 1 to " + std::to_string(kMostSprites));
  }
  const auto& settings = request_.settings;
  RunConfig config = make_run_config(settings.sampler, settings.steps, settings.sampler_params, settings.shared_params);
  if (model_->classes.empty()) config.guidance.scale = 1;  // nothing to guide towards
  const DenoiserOptions options = choose_device(settings.device, settings.precision, settings.threads);
  conditions_ = conditions_of(*model_, request_);
  const at::Tensor condition = condition_tensor(*model_, conditions_);
  denoiser_ = make_denoiser(*model_, options);
  const auto& shape = model_->shape;
  auto noise = std::make_unique<SpriteNoise>(sprite_seeds(request_.seed, request_.count), shape.channels, shape.height, shape.width,
                                             options.device);
  loop_ = std::make_unique<DenoisingLoop>(schedule_of(model_->diffusion), parse_prediction(model_->diffusion.prediction), config,
                                          *denoiser_, condition, std::move(noise));
}

Frame SamplingRun::frame() const { return loop_->done() ? finished_frame() : to_frame(loop_->x0(), AlphaFinish::kAsIs); }

Frame SamplingRun::finished_frame() const {
  const auto finish = model_->facts.hard_alpha ? AlphaFinish::kHard : AlphaFinish::kSnapped;
  return to_frame(loop_->done() ? loop_->x() : loop_->x0(), finish);
}

std::vector<Sprite> SamplingRun::sprites() const {
  const Frame frame = finished_frame();
  std::vector<Sprite> sprites;
  for (int i = 0; i < frame.count; ++i) {
    const auto place = static_cast<std::size_t>(i);
    SpriteRecipe recipe{std::filesystem::path(request_.model_path).stem().string(),
                        model_->hash,
                        conditions_[place],
                        request_.seed + place,
                        request_.settings,
                        loop_->steps_done()};
    sprites.push_back({frame.sprite(i), std::move(recipe)});
  }
  return sprites;
}

}  // namespace kiln
