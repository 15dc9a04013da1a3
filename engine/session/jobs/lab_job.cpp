#include "engine/session/jobs/lab_job.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/error.h"
#include "engine/base/file_group.h"
#include "engine/data/batches.h"
#include "engine/diffusion/seeds.h"
#include "engine/formats/image_file.h"
#include "engine/inference/distilled_run.h"
#include "engine/inference/sampling_loop.h"
#include "engine/lab/class_map.h"
#include "engine/lab/lab_sheet.h"
#include "engine/lab/study.h"
#include "engine/pixelart/fit.h"
#include "engine/session/conditions.h"
#include "engine/session/jobs/make_job.h"
#include "engine/session/pixels.h"

namespace kiln {
namespace {

constexpr int kTimedRounds = 5;

SpriteSeeds seeds_of(const ParamMap& values) { return std::vector{get_seed(values, "seed")}; }

std::unique_ptr<SpriteNoise> noise_of(const Model& model, const ParamMap& values) {
  return std::make_unique<SpriteNoise>(seeds_of(values), model.shape.channels, model.shape.height, model.shape.width);
}

Image picture_of(const at::Tensor& x) { return to_frame(x, AlphaFinish::kAsIs).sprite(0); }

}  // namespace

bool LabJob::step() {
  const at::NoGradGuard no_grad;
  const LabRequest& request = command_.request;
  switch (stage_) {
    case Stage::kStudy:
      study_sprite();
      outbox_.send(LabShown{command_.job, result_});
      begin_path();
      stage_ = Stage::kPath;
      return true;
    case Stage::kPath:
      if (step_path()) return true;
      outbox_.send(LabPathShown{command_.job, path_});
      stage_ = Stage::kTimes;
      return request.times || !request.picture.empty();
    case Stage::kTimes:
      if (request.times && time_step()) return true;
      stage_ = Stage::kPicture;
      return !request.picture.empty();
    case Stage::kPicture:
      write_files({{request.picture, encode_png(lab_sheet(request, result_, path_, times_))}}, request.replace);
      outbox_.send(Exported{command_.job, request.picture});
      return false;
  }
  return false;
}

void LabJob::study_sprite() {
  LabRequest& request = command_.request;
  if (!(request.level >= 0 && request.level <= 1))
    throw Failure(ErrorCode::kInvalidArgument, "the noise level is not between 0 and 1", "0 is the least noise, 1 the most");
  if (!request.picture.empty()) check_ending("the picture", request.picture, {".png"});
  model_ = models_.open(request.model_path);
  SampleSettings& settings = request.settings;
  settings = with_defaults(std::move(settings), model_->facts.sampling);
  config_ = make_run_config(settings.sampler, settings.sampler_params, settings.shared_params);
  const NetworkShape& shape = model_->shape;
  const Image sprite = fitted_to_sprite(request.sprite, request.sprite_name, shape.width, shape.height);
  x0_ = sprite_tensor(sprite, shape.channels).unsqueeze(0);
  SampleRequest one;
  one.conditions = {request.condition};
  one.settings.shared_params = {{"count", std::int64_t{1}}, {"frame", settings.shared_params.at("frame")}};
  condition_ = condition_tensor(*model_, one.conditions, {sampled_sprites(one, model_->classes, model_->frames).front().frame});
  negative_ = condition_tensor(*model_, {settings.negative});

  const NoiseSchedule schedule = make_schedule(model_->diffusion.schedule);
  result_.timesteps = schedule.length();
  result_.timestep = static_cast<int>(std::lround(request.level * (schedule.length() - 1)));
  const auto eager = make_eager_denoiser(*model_, {});
  Study found =
      study(schedule, output_head(*model_), *eager,
            {x0_, noise_of(*model_, settings.shared_params)->draw(), condition_, negative_, result_.timestep, config_.guidance});
  result_.alpha_bar = found.alpha_bar;
  result_.pictures = std::move(found.pictures);
  if (!found.probabilities.values.empty()) result_.colours = {model_->palette_head, std::move(found.probabilities)};
  result_.attention = std::move(found.attention);
  result_.alphas_bar = schedule.alphas_bar;
  result_.visited = run_steps(schedule, config_).timesteps;
  ClassMap map = class_map(model_->network->class_embeddings(), model_->classes);
  result_.classes = std::move(map.classes);
  result_.explained = map.explained;
}

// As “start from this” would go on, with that strength.
void LabJob::begin_path() {
  config_.strength = std::max(command_.request.level, 1.0 / result_.timesteps);
  if (model_->classes.empty()) config_.guidance.scale = 1;
  Conditioning conditioning(condition_);
  if (!command_.request.settings.negative.empty() || !model_->is_distilled()) conditioning.negative = negative_;
  conditioning.init = x0_;
  if (model_->is_distilled()) {
    config_.guidance.rescale = 0;  // which the pictures alone have
    suit_to_distilled(*model_, config_, conditioning);
  }
  denoiser_ = make_denoiser(*model_, {});
  loop_ = std::make_unique<DenoisingLoop>(make_schedule(model_->diffusion.schedule), output_head(*model_), config_, *denoiser_,
                                          conditioning, noise_of(*model_, command_.request.settings.shared_params));
}

bool LabJob::step_path() {
  const auto step = static_cast<std::size_t>(loop_->steps_done());
  LabStep shown{loop_->timesteps()[step], loop_->alphas_bar()[step], picture_of(loop_->x()), {}};
  loop_->step();
  shown.x0 = picture_of(loop_->x0());
  path_.push_back(std::move(shown));
  return !loop_->done();
}

bool LabJob::time_step() {
  if (!parts_) parts_ = std::make_unique<StepParts>(*model_, false);
  parts_->round();
  if (++rounds_ < kTimedRounds) return true;
  times_ = parts_->medians();
  outbox_.send(LabTimed{command_.job, times_});
  return false;
}

std::shared_ptr<Job> make_job(StudySprite command, const JobContext& context) {
  return std::make_shared<LabJob>(std::move(command), context.models, context.outbox);
}

}  // namespace kiln
