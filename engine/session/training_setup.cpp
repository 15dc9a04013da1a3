#include "engine/session/training_setup.h"

#include <algorithm>
#include <chrono>

#include "engine/base/cpu.h"
#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/data/collected_set.h"
#include "engine/network/import/import.h"
#include "engine/session/device_check.h"
#include "engine/session/devices.h"
#include "engine/training/model_to_train.h"
#include "engine/training/recipe.h"
#include "engine/training/recipe_batches.h"

namespace kiln {
namespace {

bool needs_init(const std::string& recipe) {
  for (const auto& preset : recipe_presets()) {
    if (preset.id == recipe) return preset.needs_init;
  }
  return false;
}

}  // namespace

TrainingSetup::TrainingSetup(TrainRequest request, bool writes, std::int64_t stop_at, std::optional<ProcessPlace> place)
    : request_(std::move(request)), writes_(writes), stop_at_(stop_at), place_(std::move(place)) {}

bool TrainingSetup::step() {
  switch (stage_) {
    case Stage::kOpen:
      open();
      reader_.emplace(record_.source, record_.preprocessing);
      stage_ = Stage::kRead;
      break;
    case Stage::kRead:
      if (work_on(*reader_)) break;
      look_for_copies(reader_->take());
      reader_.reset();
      stage_ = Stage::kCopies;
      break;
    case Stage::kCopies:
      if (work_on(search_)) break;
      stage_ = Stage::kTrainer;
      break;
    case Stage::kTrainer:
      make_trainer();
      stage_ = Stage::kDone;
      break;
    case Stage::kDone:
      break;
  }
  return stage_ != Stage::kDone;
}

template <class Work>
bool TrainingSetup::work_on(Work& work) {
  const bool more = work.step();
  done_ = work.done();
  total_ = work.total();
  return more;
}

// Cores and GPUs, among those processes that run here.
void TrainingSetup::take_share_of_machine() {
  if (request_.threads == 0) request_.threads = std::max(1, usable_cores() / place_->local_size);
  compute_.threads = request_.threads;
  if (compute_.device.is_cuda()) compute_.device = c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(place_->local_rank));
}

void TrainingSetup::open() {
  compute_ = choose_device(request_.device, "auto", request_.threads);
  if (place_) take_share_of_machine();
  (void)backend_for(request_.backend, compute_.device);  // refused now, and not after all sprites are read
  if (request_.out.empty() && request_.run.empty() && writes_)
    throw Failure(ErrorCode::kInvalidArgument, "there is no name for the model", "give one with --out");
  if (!request_.run.empty())
    run_ = request_.run;
  else if (!request_.out.empty())
    run_ = run_folder_of(request_.out);
  if (place_ && place_->attempt > 0 && !request_.resume && !list_checkpoints(run_).empty()) {
    request_.resume = true;
    request_.overrides.clear();  // the checkpoints know them, and what was changed since
  }
  if (!request_.resume) {
    if (needs_init(request_.recipe) && request_.init.empty()) {
      throw Failure(ErrorCode::kInvalidArgument, "the recipe “" + request_.recipe + "” goes on with a model, and none is given",
                    "choose the model to start from (--init), or another recipe");
    }
    if (!request_.data_of.empty()) take_data_of(request_.data_of);
    record_ = {request_.source, request_.preprocessing, request_.out, request_.init, request_.credits, request_.licence};
  } else {
    checkpoint_ = checkpoint_to_resume(run_);
    if (request_.threads == 0 && checkpoint_->state.threads > 0) compute_.threads = checkpoint_->state.threads;
    record_ = record_from_json(checkpoint_->state.data_json, "the checkpoint");
    if (!request_.source.path.empty()) record_.source.path = request_.source.path;  // the folder may have moved
    if (std::error_code error; !std::filesystem::exists(record_.source.path, error)) {
      throw Failure(ErrorCode::kNotFound, "the run's sprites are not in “" + record_.source.path + "” any more",
                    "say where they are now, with --data");
    }
    if (!request_.out.empty()) record_.out = request_.out;
    if (!request_.credits.empty()) record_.credits = request_.credits;
    if (!request_.licence.empty()) record_.licence = request_.licence;
  }
  if (record_.source.path.empty())
    throw Failure(ErrorCode::kInvalidArgument, "there are no sprites to train on", "name a folder of sprites with --data");
  if (!writes_) return;
  if (!record_.out.empty()) check_writable(record_.out);
  lock_ = std::make_unique<RunLock>(run_);
}

void TrainingSetup::take_data_of(const std::filesystem::path& run) {
  RunRecord record = read_record(run);
  request_.source = std::move(record.source);
  request_.preprocessing = std::move(record.preprocessing);
  if (request_.credits.empty()) request_.credits = std::move(record.credits);
  if (request_.licence.empty()) request_.licence = std::move(record.licence);
}

void TrainingSetup::look_for_copies(SpriteCollection collection) {
  flip_classes_ = {collection.flip_classes.begin(), collection.flip_classes.end()};  // the set's own and those asked for
  set_ = make_sprite_set(std::move(collection), "“" + record_.source.path + "”");
  std::vector<const Image*> images;
  for (const auto& sprite : set_.sprites) images.push_back(&sprite.image);
  copies_ = std::make_unique<DuplicateSearch>(std::move(images));
  const auto count = [this] { return copies_->count(); };
  search_.add_pass(count, kSpritesAStep, [this](std::size_t i) { copies_->look_at(i); });
  search_.add_pass(count, kComparedAStep, [this](std::size_t i) { copies_->compare(i); });
}

ParamMap TrainingSetup::recipe() const {
  if (request_.resume) return request_.overrides;
  ParamMap values;
  if (!request_.init.empty()) {
    const Model init = open_model(request_.init);
    if (init.is_distilled())
      throw Failure(ErrorCode::kInvalidArgument, "“" + request_.init + "” draws in few steps and cannot be gone on with",
                    "start from the model that it was distilled from");
    values = recipe_of(init);
  }
  for (const auto& [key, value] : request_.overrides) values[key] = value;
  return make_recipe(request_.recipe, values);
}

void TrainingSetup::make_trainer() {
  TrainerOptions options;
  options.recipe = recipe();
  options.flip_classes = std::move(flip_classes_);
  options.groups = copies_->groups();
  options.set = std::move(set_);
  if (writes_) options.run = run_;
  options.data_json = record_to_json(record_);
  options.init = record_.init;
  options.resume = std::move(checkpoint_);
  options.teacher = teacher_for(recipe_to_follow(options));
  options.stop_at = stop_at_;
  options.credits = record_.credits;
  options.licence = record_.licence;
  if (compute_.device.is_cuda()) {
    const ParamMap recipe = recipe_to_follow(options);
    const Model model =
        model_to_train(recipe, options.set.width, options.set.height, options.set.classes,
                       palette_head_to_follow(options, options.set, recipe), frame_counts(set_of_recipe(options.set, recipe)));
    const CheckedDevice checked = choose_device_for(model, request_.device, "auto", compute_.threads);
    compute_ = checked.options;
    if (place_) take_share_of_machine();
    if (checked.fault) options.set.warnings.push_back(checked.fault->message + ": " + checked.fault->hint);
  }
  options.device = compute_.device;
  options.threads = compute_.threads;
  if (place_)
    options.group =
        join_process_group(*place_, {std::chrono::seconds(request_.process_timeout_s), request_.backend, options.device});
  trainer_ = std::make_unique<Trainer>(std::move(options));
}

// The model that a recipe distils: the one that the run starts from, which has to be there whenever it goes on.
Teacher TrainingSetup::teacher_for(const ParamMap& recipe) {
  if (!get_bool(recipe, "distill")) return {};
  if (record_.init.empty()) throw Failure(ErrorCode::kInvalidArgument, "there is no model to distil", "name it with --init");
  const auto model = std::make_shared<const Model>(open_model(record_.init));
  if (record_.credits.empty()) record_.credits = model->facts.credits;
  if (record_.licence.empty()) record_.licence = model->facts.licence;
  return {model, make_denoiser(*model, compute_), compute_.device};
}

TrainPlan plan_of(const Trainer& trainer, const std::filesystem::path& run, std::int64_t step, double images_per_s) {
  TrainPlan plan;
  plan.run = run.string();
  plan.recipe = trainer.recipe();
  plan.parameters = trainer.parameters();
  plan.width = trainer.set().width;
  plan.height = trainer.set().height;
  plan.classes = trainer.set().classes;
  plan.sprites = static_cast<int>(trainer.split().train.size());
  plan.validation = static_cast<int>(trainer.split().validation.size());
  plan.step = step;
  plan.total = trainer.total();
  plan.images_per_s = images_per_s;
  if (images_per_s > 0) plan.left_s = static_cast<double>((plan.total - plan.step) * trainer.batch_size()) / images_per_s;
  return plan;
}

}  // namespace kiln
