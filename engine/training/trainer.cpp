#include "engine/training/trainer.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/base/cpu.h"
#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/network/import/import.h"
#include "engine/network/transfer.h"
#include "engine/training/flat_buffers.h"
#include "engine/training/live_changes.h"
#include "engine/training/model_to_train.h"
#include "engine/training/process_hosts.h"
#include "engine/training/recipe.h"
#include "engine/training/recipe_batches.h"
#include "engine/training/run_folder.h"

namespace kiln {
namespace {

constexpr double kMergedDistance =
    0.05;  // of colours in sprites of a set with very many: with it as many neighbours are equal as in drawn ones

constexpr int kFewestRows = 4;  // of one worker in a step: with fewer, summing the gradients takes longer than computing them

void check_recipe(const ParamMap& recipe, const std::set<std::string>& flip_classes, const std::vector<std::string>& classes) {
  for (const auto& name : flip_classes) {
    if (name != "*" && std::find(classes.begin(), classes.end(), name) == classes.end()) {
      throw Failure(ErrorCode::kInvalidArgument, "the class “" + name + "” under `flips` is not in the data",
                    name_hint(name, classes));
    }
  }
  if (get_text(recipe, "prediction") == "eps" && get_bool(recipe, "zero_terminal_snr")) {
    throw Failure(ErrorCode::kInvalidArgument, "a model that predicts eps cannot begin at pure noise",
                  "choose the prediction v or x0, or turn zero_terminal_snr off");
  }
}

}  // namespace

ParamMap recipe_to_follow(const TrainerOptions& options) {
  if (!options.resume) return options.recipe;
  ParamMap values = recipe_from_json(options.resume->state.recipe_json, "the checkpoint");
  for (const auto& [key, value] : options.recipe) values[key] = value;
  return make_recipe("", values);
}

PaletteEntries palette_head_to_follow(const TrainerOptions& options, const SpriteSet& set, const ParamMap& recipe) {
  if (options.resume) return options.resume->state.palette_head;
  return options.teacher ? options.teacher.model->palette_head : palette_head_of(set, recipe);
}

Trainer::Trainer(TrainerOptions options) : options_(std::move(options)), notes_(options_.set.warnings) {
  SpriteSet& set = options_.set;
  if (options_.resume) {
    auto& found = *options_.resume;
    notes_.insert(notes_.end(), found.notes.begin(), found.notes.end());
  }
  options_.recipe = recipe_to_follow(options_);
  const ParamMap& recipe = options_.recipe;
  check_recipe(recipe, augmentation_of(recipe, options_.flip_classes).flip_classes, set.classes);
  take_recipe();
  set = set_of_recipe(std::move(set), recipe);
  const PaletteEntries palette_head = palette_head_to_follow(options_, set, recipe);
  if (!palette_head.empty() && !options_.resume && !options_.teacher)
    notes_.push_back("the network chooses out of " + std::to_string(palette_head.size() - (channels_of(recipe) == 4 ? 1 : 0)) +
                     " colours; palette=off lets it draw any");
  set = in_palette(std::move(set), palette_head);
  split_ = split_for_training(set, get_real(recipe, "validation_share"), seed_, std::move(options_.groups), notes_);

  prototype_ = model_to_train(recipe, set.width, set.height, set.classes, palette_head, frame_counts(set));
  prototype_.facts.palette = common_palette(set);
  prototype_.facts.hard_alpha = has_hard_alpha(set);
  const int channels = prototype_.shape.channels;
  const std::string teacher = options_.teacher ? options_.teacher.model->weights_hash() : "";
  objective_ = new_objective();
  batches_ =
      std::make_unique<BatchSource>(recipe_batches(set, split_.train, recipe, options_.flip_classes, seed_, options_.device));
  measurement_ = std::make_unique<LossMeasurement>(*objective_, set, split_, channels, options_.device);

  const std::string given = recipe_to_json(recipe);
  const bool changed = options_.resume && options_.resume->state.recipe_json != given;
  if (options_.resume)
    resume_from(std::move(options_.resume->state));
  else
    start_fresh();
  options_.resume.reset();
  if (!state_.teacher.empty() && state_.teacher != teacher)
    throw Failure(ErrorCode::kInvalidArgument, "“" + options_.init + "” is not the model any more that this run distils",
                  "put that one back, or start a new run");
  state_.teacher = teacher;
  state_.recipe_json = given;
  if (state_.threads > 0 && state_.threads != options_.threads && options_.device.is_cpu())
    notes_.push_back("with " + std::to_string(options_.threads) + " threads this run ends in other bytes than with the " +
                     std::to_string(state_.threads) + " that it had");
  state_.threads = options_.threads;
  move_to_device();
  first_row_ = options_.group ? first_row_of(options_.group->rank()) : 0;
  rows_ = options_.group ? first_row_of(options_.group->rank() + 1) - first_row_ : batch_size_;
  if (options_.group) check_agreement();
  if (world_size() > 1) tell_hosts();
  const int workers =
      options_.device.is_cpu() ? static_cast<int>(std::clamp<std::int64_t>(rows_ / kFewestRows, 1, options_.threads)) : 1;
  workers_ = std::make_unique<GradientWorkers>([this] { return new_network(); }, state_.weights, workers);
  if (options_.group) {
    gradient_sum_ = std::make_unique<GradientSum>(options_.group, get_text(recipe, "gradient_compression") == "bf16");
    workers_->hand_out([this](const at::Tensor& bucket) { gradient_sum_->add(bucket); });
  }
  ema_workers_ = std::make_unique<GradientWorkers>([this] { return new_network(); }, state_.ema, workers);
  phase_ = (first_checkpoint_ || changed) && !options_.run.empty() ? Phase::kCheckpoint : next_phase();
}

void Trainer::take_recipe() {
  seed_ = get_seed(options_.recipe, "seed");
  total_ = get_int(options_.recipe, "steps");
  batch_size_ = static_cast<int>(get_int(options_.recipe, "batch"));
  check_best_by(options_.recipe);
}

std::shared_ptr<Network> Trainer::new_network() const {
  auto network = find_network(prototype_.network_id).make(prototype_.shape, prototype_.network_params);
  const std::string precision = get_text(options_.recipe, "precision");
  const bool bf16 = precision == "bf16" || (precision == "auto" && (!options_.device.is_cpu() || cpu_has_fast_bf16()));
  network->set_compute_type(bf16 ? at::kBFloat16 : at::kFloat);
  return network;
}

std::unique_ptr<const Objective> Trainer::new_objective() {
  const ParamMap& recipe = options_.recipe;
  const ConditionGroups groups(prototype_.shape.classes, prototype_.shape.frames);
  auto objective = make_objective(recipe, groups, prototype_.palette_head);
  if (!get_bool(recipe, "distill")) return objective;
  if (!options_.teacher) throw Failure(ErrorCode::kInternal, "a model is to be distilled that is not there", "please report this");
  const Model& teacher = *options_.teacher.model;
  if (teacher.classes != prototype_.classes || teacher.frames != prototype_.frames ||
      teacher.shape.width != prototype_.shape.width || teacher.shape.height != prototype_.shape.height ||
      teacher.palette_head != prototype_.palette_head)
    throw Failure(ErrorCode::kInvalidArgument,
                  "these sprites have other classes, another size or other colours than the model to distil",
                  "give those that it was trained on");
  OutputHead head = prototype_.palette_head.empty()
                        ? OutputHead(prototype_.diffusion.prediction)
                        : OutputHead(entries_tensor(prototype_.palette_head, prototype_.shape.channels));
  return std::make_unique<DistillationObjective>(recipe, groups, std::move(objective), head.on(options_.device),
                                                 std::move(options_.teacher));
}

void Trainer::start_fresh() {
  if (!options_.init.empty()) {
    const Model init = open_model(options_.init);
    copy_matching_weights(init, prototype_, notes_);
    state_.sampling = prototype_.is_distilled() ? few_steps_sampling(init.facts.sampling) : init.facts.sampling;
  }
  if (prototype_.palette_head.empty() && prototype_.facts.palette.colours.empty())
    state_.sampling.emplace("merge_colours", kMergedDistance);
  else
    state_.sampling.erase("merge_colours");  // of the model begun with: the colours of a palette stay apart
  layout_ = std::make_unique<FlatParameters>(*prototype_.network);
  state_.weights = layout_->values().clone();
  state_.ema = state_.weights.clone();
  state_.mean = at::zeros_like(state_.weights);
  state_.variance = at::zeros_like(state_.weights);
  state_.buffers = read_buffers(*prototype_.network);
  state_.ema_buffers = state_.buffers.clone();
  state_.best_loss = std::numeric_limits<double>::infinity();
  state_.data_json = options_.data_json;
  state_.data_fingerprint = fingerprint(options_.set);
  state_.classes = options_.set.classes;
  state_.palette_head = prototype_.palette_head;
  decay_mask_ = layout_->decay_mask();
}

void Trainer::resume_from(TrainingState state) {
  if (state.classes != options_.set.classes) {
    throw Failure(ErrorCode::kInvalidArgument, "the data has other classes than the run had",
                  "go on with the data that the run began with, or start a new run with --init");
  }
  layout_ = std::make_unique<FlatParameters>(*prototype_.network);
  const auto fits = [](const at::Tensor& flat, std::int64_t size) {
    if (flat.numel() != size)
      throw Failure(
          ErrorCode::kCorrupt, "the checkpoint does not fit the network of this recipe",
          "leave out --set of the network's values (width, multipliers, …), which a run that goes on cannot change; else start "
          "again without --resume");
  };
  for (const at::Tensor* flat : {&state.weights, &state.ema, &state.mean, &state.variance}) fits(*flat, layout_->values().numel());
  for (const at::Tensor* flat : {&state.buffers, &state.ema_buffers}) fits(*flat, read_buffers(*prototype_.network).numel());
  if (state.data_fingerprint != fingerprint(options_.set)) notes_.push_back("the data has changed since the run began");
  state_ = std::move(state);
  if (!options_.data_json.empty()) state_.data_json = options_.data_json;
  first_checkpoint_ = false;
  decay_mask_ = layout_->decay_mask();
}

// The prototype stays on the CPU: it lends names and shapes only.
void Trainer::move_to_device() {
  for (at::Tensor* tensor :
       {&state_.weights, &state_.ema, &state_.mean, &state_.variance, &state_.buffers, &state_.ema_buffers, &decay_mask_})
    *tensor = tensor->to(options_.device);
}

std::int64_t Trainer::end() const {
  if (stopping_) return state_.step;
  return options_.stop_at > 0 ? std::min(options_.stop_at, total_) : total_;
}

Trainer::Phase Trainer::next_phase() const {
  if (measurement_pending()) return Phase::kMeasure;
  return state_.step >= end() ? Phase::kDone : Phase::kGradient;
}

Trainer::Work Trainer::next_work() const {
  switch (phase_) {
    case Phase::kGradient:
    case Phase::kUpdate:
      return Work::kTraining;
    case Phase::kMeasure:
      return Work::kMeasuring;
    case Phase::kCheckpoint:
      return Work::kSaving;
    case Phase::kDone:
      break;
  }
  return Work::kNone;
}

bool Trainer::advance() {
  switch (phase_) {
    case Phase::kGradient:
      gradient_piece();
      break;
    case Phase::kUpdate:
      update();
      break;
    case Phase::kMeasure:
      measure_piece();
      break;
    case Phase::kCheckpoint:
      checkpoint();
      phase_ = next_phase();
      break;
    case Phase::kDone:
      break;
  }
  return phase_ != Phase::kDone;
}

void Trainer::change(const ParamMap& changes) {
  if (options_.group) {
    if (phase_ == Phase::kDone)
      throw Failure(ErrorCode::kInvalidArgument, "the training has come to its end", "go on with --resume and other values");
    ParamMap wanted = wanted_changes_;
    for (const auto& [key, value] : changes) wanted[key] = value;
    const ParamMap changed = changed_recipe(options_.recipe, wanted);
    for (const auto& [key, value] : wanted) wanted_changes_[key] = changed.at(key);
    return;
  }
  take_changes(changes);
  if (phase_ == Phase::kGradient || phase_ == Phase::kUpdate || phase_ == Phase::kDone) {
    workers_->forget();  // the step under way begins again
    rows_done_ = 0;
    phase_ = next_phase();
  }
  checkpoint();
}

void Trainer::take_changes(const ParamMap& changes) {
  options_.recipe = changed_recipe(options_.recipe, changes);
  total_ = std::max(get_int(options_.recipe, "steps"), std::max<std::int64_t>(state_.step, 1));
  options_.recipe["steps"] = total_;
  state_.recipe_json = recipe_to_json(options_.recipe);
  TrainMetrics& line = new_line();
  for (const auto& [key, value] : changes) line.changes[key] = options_.recipe[key];
}

void Trainer::tell_hosts() { new_line().hosts = hosts_of(*options_.group); }

void Trainer::stop() {
  stop_wanted_ = options_.group != nullptr;
  while (stop_wanted_ && advance()) {
  }
}

// Processes that began differently would each train a model of their own, and none the one that was asked for.
void Trainer::check_agreement() {
  const ProcessGroup& group = *options_.group;
  if (batch_size_ < group.size())
    throw Failure(
        ErrorCode::kInvalidArgument,
        "a batch of " + std::to_string(batch_size_) + " cannot be shared by " + std::to_string(group.size()) + " processes",
        "start fewer, or raise the recipe's batch");
  const auto own = static_cast<double>(std::hash<std::string>()(state_.data_fingerprint + state_.recipe_json) >> 16U);
  const double weights = state_.weights.to(at::kDouble).sum().item<double>();
  at::Tensor sums = at::tensor({own, static_cast<double>(state_.step), weights}, at::kDouble);
  options_.group->sum(sums);
  const double size = group.size();
  const auto agrees = [&](int which, double value) { return std::abs(sums[which].item<double>() - size * value) <= 1e-9 * size; };
  if (agrees(0, own) && agrees(1, static_cast<double>(state_.step)) && agrees(2, weights)) return;
  throw Failure(ErrorCode::kInvalidArgument, "the processes do not train the same: their sprites, recipes or checkpoints differ",
                "give all of them the same arguments and the same folders");
}

TrainMetrics& Trainer::new_line() {
  TrainMetrics& line = measurements_.emplace_back();
  line.step = state_.step;
  line.total = total_;
  line.world_size = world_size();
  return line;
}

TrainMetrics& Trainer::end_line(double rate) {
  TrainMetrics& line = new_line();
  if (line.world_size > 1) line.rank_images_per_s = rank_images_per_s_;
  pace_ = {};
  line.loss =
      state_.steps_since_line > 0 ? state_.loss_since_line / static_cast<double>(state_.steps_since_line) : state_.smoothed_loss;
  line.smoothed_loss = state_.smoothed_loss;
  line.learning_rate = rate;
  line.gradient_norm = gradient_norm_;
  line.epoch = static_cast<double>(state_.step * batch_size_) / static_cast<double>(split_.train.size());
  state_.loss_since_line = 0;
  state_.steps_since_line = 0;
  return line;
}

bool Trainer::measurement_due() const {
  return state_.step > 0 && (state_.step >= end() || state_.step % get_int(options_.recipe, "evaluate_every") == 0);
}

void Trainer::measure_piece() {
  if (!measurement_->begun()) ema_workers_->set_buffers(state_.ema_buffers);
  if (!measurement_->advance(*ema_workers_, rows_a_piece())) finish_measurement();
}

void Trainer::finish_measurement() {
  state_.measured = state_.step;
  TrainMetrics& line = end_line(learning_rate());
  line.validation_loss = measurement_->validation_loss();
  line.train_eval_loss = measurement_->training_loss();
  line.loss_by_noise = measurement_->training_loss_by_noise(kNoiseBins);
  measurement_->clear();
  keep_if_best(split_.validation.empty() ? line.train_eval_loss : line.validation_loss);
  const bool save = state_.step >= end() || state_.step % get_int(options_.recipe, "checkpoint_every") == 0;
  phase_ = save ? Phase::kCheckpoint : Phase::kGradient;
}

void Trainer::keep_if_best(double loss) {
  if (!(loss < state_.best_loss)) return;
  if (!options_.run.empty() && get_text(options_.recipe, "best_by") == kBestByLoss && !ends_by_novelty(options_.recipe))
    save_model(model(), best_file(options_.run), WeightType::kFloat32);
  state_.best_loss = loss;
}

Model Trainer::model() const {
  at::NoGradGuard no_grad;
  Model model = prototype_;
  model.network = find_network(model.network_id).make(model.shape, model.network_params);
  auto parameters = model.network->named_parameters();
  for (const auto& [name, value] : layout_->named(state_.ema.cpu())) parameters[name].copy_(value);
  write_buffers(*model.network, state_.ema_buffers.cpu());
  model.network->eval();
  model.facts.steps = state_.step;
  model.facts.sampling = state_.sampling;
  model.facts.distilled_from = state_.teacher;
  model.facts.data_fingerprint = state_.data_fingerprint;
  model.facts.recipe_json = state_.recipe_json;
  model.facts.credits = options_.credits;
  model.facts.licence = options_.licence;
  return model;
}

void Trainer::checkpoint() {
  if (options_.run.empty()) return;
  save_checkpoint(options_.run, state_, first_checkpoint_ ? 1 : static_cast<int>(get_int(options_.recipe, "checkpoints")));
  first_checkpoint_ = false;
}

}  // namespace kiln
