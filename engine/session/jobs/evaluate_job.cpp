#include "engine/session/jobs/evaluate_job.h"

#include <utility>

#include "engine/base/file.h"
#include "engine/data/collected_set.h"
#include "engine/formats/image_file.h"
#include "engine/network/import/import.h"
#include "engine/quality/evaluation_text.h"
#include "engine/quality/report_picture.h"
#include "engine/session/devices.h"
#include "engine/session/evaluation_sampler.h"
#include "engine/session/frame_classes.h"
#include "engine/session/jobs/evaluation_overview.h"
#include "engine/training/recipe.h"
#include "engine/training/run_folder.h"
#include "engine/training/run_record.h"

namespace kiln {

EvaluateJob::EvaluateJob(EvaluateModel command, Outbox& outbox)
    : job_(command.job), request_(std::move(command.request)), outbox_(outbox) {}

bool EvaluateJob::step() {
  switch (stage_) {
    case Stage::kOpen:
      open();
      stage_ = Stage::kReadData;
      return true;
    case Stage::kReadData:
      if (reader_->step()) return true;
      data_ = take_set(request_.data);
      take_what_was_put_aside();
      stage_ = Stage::kReadHeldOut;
      if (request_.heldout.path.empty() || !request_.shard_file.empty()) break;
      request_.preprocessing.hold_out.clear();  // the parts of the data
      reader_.emplace(request_.heldout, request_.preprocessing);
      return true;
    case Stage::kReadHeldOut:
      if (reader_->step()) return true;
      heldout_ = take_set(request_.heldout);
      break;
    case Stage::kEvaluate: {
      const bool more = evaluation_->step();
      outbox_.show(Progress{job_, evaluation_->done(), evaluation_->total(), 0, -1});
      if (!more) request_.shard_file.empty() ? report() : keep_shard();
      return more;
    }
  }
  begin();
  stage_ = Stage::kEvaluate;
  return true;
}

void EvaluateJob::open() {
  model_ = std::make_shared<const Model>(open_model(request_.model));
  take_settings();
  compute_ =
      choose_device(get_text(values_, "device"), get_text(values_, "precision"), static_cast<int>(get_int(values_, "threads")));
  if (!request_.picture.empty()) check_writable(request_.picture);
  if (!request_.shard_file.empty()) check_writable(request_.shard_file);
  if (!request_.run.empty()) take_data_of_run();
  reader_.emplace(request_.data, request_.preprocessing);
}

// Of the request, the model's file and the shards that are merged.
void EvaluateJob::take_settings() {
  if (request_.shards < 1 || request_.shard < 0 || request_.shard >= request_.shards)
    throw Failure(ErrorCode::kInvalidArgument,
                  "there is no shard " + std::to_string(request_.shard) + " of " + std::to_string(request_.shards),
                  "they are numbered from 0 on, as in --shards 4 --shard 3");
  if (!request_.merge.empty()) {
    for (const std::string& file : request_.merge) shards_.push_back(read_shard(file));
    shards_ = whole_set(std::move(shards_));
    if (shards_.front().model_hash != model_->hash)
      throw Failure(ErrorCode::kInvalidArgument, "another model made the sprites of “" + shards_.front().file + "”",
                    "give the model that its shards were made with");
    values_ = values_of_shards(shards_.front(), request_);
    return;
  }
  const ParamMap of_model = known_params(model_sampling_specs(), model_->facts.sampling);
  values_ = validated(with_fallbacks(evaluation_specs(), of_model), request_.settings.shared_params, "evaluation");
  if (request_.settings.sampler.empty())
    request_.settings.sampler = get_text(defaults_of(with_fallbacks(model_sampling_specs(), of_model)), "sampler");
}

void EvaluateJob::take_data_of_run() {
  RunRecord record = read_record(request_.run);
  request_.data = std::move(record.source);
  request_.preprocessing = std::move(record.preprocessing);
}

// What was not trained on is none of the data; it is the held-out sprites where no others are given.
void EvaluateJob::take_what_was_put_aside() {
  SpriteSet aside = data_;
  std::erase_if(aside.sprites, [](const LabelledSprite& sprite) { return !sprite.held_out; });
  if (aside.sprites.empty()) return;
  std::erase_if(data_.sprites, [](const LabelledSprite& sprite) { return sprite.held_out; });
  if (!request_.heldout.path.empty()) return;
  if (aside.sprites.size() >= EvaluationOptions::kFewest)
    heldout_ = std::move(aside);
  else
    outbox_.send(
        Note{job_, "too few sprites are put aside to compare with: " + std::to_string(aside.sprites.size()), "they are left out"});
}

SpriteSet EvaluateJob::take_set(const SpriteSource& source) {
  SpriteSet set = with_frames_as_classes(make_sprite_set(reader_->take(), "“" + source.path + "”"), *model_);
  for (const auto& warning : set.warnings) outbox_.send(Note{job_, warning, "the rest is used"});
  if (model_->shape.channels == 4) return set;
  const auto recipe =
      model_->facts.recipe_json.empty() ? ParamMap{} : recipe_from_json(model_->facts.recipe_json, "the model's recipe");
  const auto background = recipe.find("background");
  return over_background(std::move(set), background == recipe.end() ? kBorderColour : std::get<std::string>(background->second));
}

void EvaluateJob::begin() {
  EvaluationOptions options;
  for (const auto& [name, frame] : frame_classes(*model_)) options.model_classes.push_back(name);
  options.count = static_cast<int>(get_int(values_, "count"));
  options.draws = static_cast<int>(get_int(values_, "draws"));
  options.seed = get_seed(values_, "seed");
  options.threads = compute_.threads;
  options.cache = request_.cache;
  if (!request_.features.empty()) options.features = std::make_unique<ScriptFeatures>(request_.features, compute_.device);
  options.only_sprites = !request_.shard_file.empty();
  sampler_ = make_sampler();
  evaluation_ = std::make_unique<ModelEvaluation>(std::move(data_), std::move(heldout_), *sampler_, std::move(options));
}

std::unique_ptr<SpriteSampler> EvaluateJob::make_sampler() {
  if (!shards_.empty()) return std::make_unique<MergedSprites>(std::move(shards_));
  SampleSettings settings = request_.settings;
  settings.shared_params = known_params(sampling_specs(), values_);
  return std::make_unique<EvaluationSampler>(model_, request_.model, std::move(settings), request_.shards, request_.shard);
}

void EvaluateJob::keep_shard() {
  write_shard(request_.shard_file, make_shard(model_->hash, request_, values_, evaluation_->take_sprites()));
  outbox_.send(Exported{job_, request_.shard_file});
}

void EvaluateJob::report() {
  EvaluationResult result = evaluation_->take();
  if (!request_.picture.empty()) {
    write_png(request_.picture, report_picture(result));
    outbox_.send(Exported{job_, request_.picture});
  }
  Report report{job_, evaluation_text(result), evaluation_json(result)};
  outbox_.send(ModelEvaluated{job_, overview_of(std::move(result))});
  outbox_.send(std::move(report));
}

}  // namespace kiln
