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
#include "engine/data/counter_random.h"
#include "engine/network/transfer.h"
#include "engine/training/adamw.h"
#include "engine/training/recipe.h"

namespace kiln {
namespace {

enum Stream : std::uint64_t { kWeights = 100, kDropout };

constexpr int kRowsPerWorker = 32;       // of one piece: keeps activations in the cache and a piece short
constexpr int kMeasuredSprites = 256;    // at most, of each side of the split
constexpr std::uint64_t kMeasuringSeed = 1;
constexpr double kSmoothing = 0.99;

Augmentation augmentation_of(const ParamMap& recipe) {
  Augmentation augmentation;
  for (const auto& name : split(get_text(recipe, "flips"), ',')) {
    if (const auto plain = trimmed(name); !plain.empty()) augmentation.flip_classes.insert(std::string(plain));
  }
  augmentation.shift = static_cast<int>(get_int(recipe, "shift"));
  return augmentation;
}

ParamMap network_params_of(const ParamMap& recipe) {
  ParamMap params;
  const NetworkKind& kind = find_network(get_text(recipe, "network"));
  for (const auto& spec : kind.params) params[spec.id] = recipe.at(recipe_key(kind, spec));
  return params;
}

// A fixed choice of up to kMeasuredSprites, evenly over the list.
std::vector<int> some_of(const std::vector<int>& members) {
  std::vector<int> chosen;
  const auto count = std::min<std::size_t>(members.size(), kMeasuredSprites);
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(members[i * members.size() / count]);
  return chosen;
}

Example measuring_example(const Objective& objective, const SpriteSet& set, const std::vector<int>& members, int channels) {
  if (members.empty()) return {};
  const std::vector<int> chosen = some_of(members);
  at::Tensor classes = at::empty({static_cast<std::int64_t>(chosen.size())}, at::kLong);
  for (std::size_t i = 0; i < chosen.size(); ++i) classes.data_ptr<std::int64_t>()[i] = set.sprites[static_cast<std::size_t>(chosen[i])].class_index;
  // Sprites come sorted by class; shuffle so that timesteps and classes do not go together.
  std::vector<std::pair<std::uint64_t, std::int64_t>> order;
  for (std::size_t i = 0; i < chosen.size(); ++i) order.emplace_back(CounterRandom(kMeasuringSeed, 0, i).next(), static_cast<std::int64_t>(i));
  std::sort(order.begin(), order.end());
  std::vector<std::int64_t> shuffled;
  for (const auto& [key, i] : order) shuffled.push_back(i);
  const at::Tensor index = at::tensor(shuffled);
  return objective.fixed_example(sprites_tensor(set, chosen, channels).index({index}), classes.index({index}), kMeasuringSeed);
}

void check_flip_classes(const ParamMap& recipe, const std::vector<std::string>& classes) {
  for (const auto& name : augmentation_of(recipe).flip_classes) {
    if (name != "*" && std::find(classes.begin(), classes.end(), name) == classes.end()) {
      throw Failure(ErrorCode::kInvalidArgument, "the class “" + name + "” under `flips` is not in the data", name_hint(name, classes));
    }
  }
}

}  // namespace

Trainer::Trainer(TrainerOptions options) : options_(std::move(options)), set_(read_sprite_set(options_.data)) {
  notes_ = set_.warnings;
  std::optional<FoundCheckpoint> found;
  if (options_.resume) {
    found = load_newest_checkpoint(options_.run);
    if (!found) throw Failure(ErrorCode::kNotFound, "there is no checkpoint in " + options_.run.string() + " to go on from", "start without --resume");
    notes_.insert(notes_.end(), found->notes.begin(), found->notes.end());
    ParamMap values = recipe_from_json(found->state.recipe_json, "the checkpoint");
    for (const auto& [key, value] : options_.changes) values[key] = value;
    options_.recipe = make_recipe("", values);
    found->state.recipe_json = recipe_to_json(options_.recipe);
  }
  const ParamMap& recipe = options_.recipe;
  check_flip_classes(recipe, set_.classes);
  seed_ = static_cast<std::uint64_t>(get_int(recipe, "seed"));
  total_ = get_int(recipe, "steps");
  batch_size_ = static_cast<int>(get_int(recipe, "batch"));
  split_ = split_set(set_, get_real(recipe, "validation_share"), seed_);

  const int channels = get_text(recipe, "channels") == "rgba" ? 4 : 3;
  torch::manual_seed(CounterRandom(seed_, kWeights, 0).next());
  prototype_ = make_model(get_text(recipe, "network"), network_params_of(recipe), {set_.width, set_.height, channels, 0}, set_.classes);
  const ScheduleConfig schedule = recipe_schedule(recipe);
  prototype_.diffusion = {schedule.kind, schedule.length, schedule.beta_start, schedule.beta_end, schedule.zero_terminal_snr, get_text(recipe, "prediction")};
  objective_ = std::make_unique<Objective>(recipe, prototype_.shape.classes);
  batches_ = std::make_unique<BatchSource>(set_, split_.train, channels, augmentation_of(recipe), get_real(recipe, "balance"), seed_);
  validation_example_ = measuring_example(*objective_, set_, split_.validation, channels);
  training_example_ = measuring_example(*objective_, set_, split_.train, channels);

  if (found) resume_from(std::move(found->state));
  else start_fresh();
  workers_ = std::make_unique<GradientWorkers>([this] { return new_network(); }, state_.weights, options_.threads);
  ema_workers_ = std::make_unique<GradientWorkers>([this] { return new_network(); }, state_.ema, options_.threads);
  if (measurement_due() && state_.measured != state_.step) phase_ = Phase::kMeasure;  // the run was stopped just before it
  else if (state_.step >= total_) phase_ = Phase::kDone;
}

WeightType Trainer::weight_type() const { return get_text(options_.recipe, "weights") == "f16" ? WeightType::kFloat16 : WeightType::kFloat32; }

std::shared_ptr<Network> Trainer::new_network() const {
  auto network = find_network(prototype_.network_id).make(prototype_.shape, prototype_.network_params);
  const std::string precision = get_text(options_.recipe, "precision");
  const bool bf16 = precision == "bf16" || (precision == "auto" && cpu_has_fast_bf16());
  network->set_compute_type(bf16 ? at::kBFloat16 : at::kFloat);
  return network;
}

void Trainer::start_fresh() {
  if (!options_.init.empty()) copy_matching_weights(load_model(options_.init), prototype_, notes_);
  layout_ = std::make_unique<FlatParameters>(*prototype_.network);
  state_.weights = layout_->values().clone();
  state_.ema = state_.weights.clone();
  state_.mean = at::zeros_like(state_.weights);
  state_.variance = at::zeros_like(state_.weights);
  state_.best_validation = std::numeric_limits<double>::infinity();
  state_.recipe_json = recipe_to_json(options_.recipe);
  state_.data_fingerprint = fingerprint(set_);
  state_.classes = set_.classes;
  decay_mask_ = layout_->decay_mask();
}

void Trainer::resume_from(TrainingState state) {
  if (state.classes != set_.classes) {
    throw Failure(ErrorCode::kInvalidArgument, "the data has other classes than the run had", "go on with the data that the run began with, or start a new run with --init");
  }
  layout_ = std::make_unique<FlatParameters>(*prototype_.network);
  for (const at::Tensor* flat : {&state.weights, &state.ema, &state.mean, &state.variance}) {
    if (flat->numel() != layout_->values().numel()) throw Failure(ErrorCode::kCorrupt, "the checkpoint does not fit its network", "start again without --resume");
  }
  if (state.data_fingerprint != fingerprint(set_)) notes_.push_back("the data has changed since the run began");
  state_ = std::move(state);
  first_checkpoint_ = false;
  decay_mask_ = layout_->decay_mask();
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
      phase_ = state_.step >= total_ ? Phase::kDone : Phase::kGradient;
      break;
    case Phase::kDone:
      break;
  }
  return phase_ != Phase::kDone;
}

void Trainer::gradient_piece() {
  if (rows_done_ == 0) {
    const Batch batch = batches_->batch(state_.step, batch_size_);
    example_ = objective_->training_example(batch.x, batch.classes, seed_, state_.step);
    step_loss_ = 0;
  }
  const auto rows = std::min<std::int64_t>(batch_size_ - rows_done_, static_cast<std::int64_t>(kRowsPerWorker) * workers_->count());
  const auto dropout_seed = CounterRandom(seed_, kDropout, static_cast<std::uint64_t>(state_.step)).next();
  step_loss_ += workers_->accumulate(*objective_, example_.rows(rows_done_, rows), dropout_seed, rows_done_);
  rows_done_ += rows;
  if (rows_done_ == batch_size_) phase_ = Phase::kUpdate;
}

void Trainer::update() {
  const ParamMap& recipe = options_.recipe;
  const at::Tensor gradient = workers_->take_gradient();
  gradient_norm_ = gradient.norm().item<double>() / batch_size_;
  const double loss = step_loss_ / batch_size_;
  if (!std::isfinite(gradient_norm_) || !std::isfinite(loss)) {
    throw Failure(ErrorCode::kInvalidArgument, "the training has diverged at step " + std::to_string(state_.step), "lower the learning rate, or raise the warm-up");
  }
  AdamWOptions adamw;
  adamw.learning_rate = learning_rate_at(state_.step, total_, get_int(recipe, "warmup"), get_real(recipe, "learning_rate"), get_real(recipe, "final_rate"));
  adamw.beta1 = get_real(recipe, "beta1");
  adamw.beta2 = get_real(recipe, "beta2");
  adamw.weight_decay = get_real(recipe, "weight_decay");
  adamw.ema_decay = ema_decay_at(state_.step, get_real(recipe, "ema_decay"));
  const double clip = get_real(recipe, "gradient_clip");
  adamw.gradient_scale = (clip > 0 && gradient_norm_ > clip ? clip / gradient_norm_ : 1.0) / batch_size_;
  ++state_.step;
  adamw_ema_step(adamw, state_.step, gradient, decay_mask_, state_.weights, state_.mean, state_.variance, state_.ema);

  state_.smoothed_loss = state_.step == 1 ? loss : kSmoothing * state_.smoothed_loss + (1 - kSmoothing) * loss;
  loss_since_line_ += loss;
  ++steps_since_line_;
  rows_done_ = 0;
  if (measurement_due()) phase_ = Phase::kMeasure;
  else if (state_.step % get_int(recipe, "checkpoint_every") == 0) phase_ = Phase::kCheckpoint;
  else phase_ = Phase::kGradient;
  if (phase_ == Phase::kMeasure) return;
  if (state_.step % 10 == 0) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    measurements_.push_back({state_.step, loss_since_line_ / static_cast<double>(steps_since_line_), state_.smoothed_loss, nan, nan, adamw.learning_rate, gradient_norm_});
    loss_since_line_ = 0;
    steps_since_line_ = 0;
  }
}

bool Trainer::measurement_due() const {
  return state_.step > 0 && (state_.step >= total_ || state_.step % get_int(options_.recipe, "evaluate_every") == 0);
}

double Trainer::measured_piece(const Example& example, std::int64_t first) {
  if (!example.x_t.defined() || first >= example.x_t.size(0)) return 0;
  const auto rows = std::min<std::int64_t>(example.x_t.size(0) - first, static_cast<std::int64_t>(kRowsPerWorker) * ema_workers_->count());
  return ema_workers_->evaluate(*objective_, example.rows(first, rows));
}

void Trainer::measure_piece() {
  const auto count_of = [](const Example& example) { return example.x_t.defined() ? example.x_t.size(0) : 0; };
  const std::int64_t validation = count_of(validation_example_), training = count_of(training_example_);
  if (rows_done_ == 0) validation_sum_ = training_sum_ = 0;
  validation_sum_ += measured_piece(validation_example_, rows_done_);
  training_sum_ += measured_piece(training_example_, rows_done_);
  rows_done_ += static_cast<std::int64_t>(kRowsPerWorker) * ema_workers_->count();
  if (rows_done_ < std::max(validation, training)) return;

  rows_done_ = 0;
  state_.measured = state_.step;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double loss = steps_since_line_ > 0 ? loss_since_line_ / static_cast<double>(steps_since_line_) : state_.smoothed_loss;
  Measurements line{state_.step, loss, state_.smoothed_loss, validation > 0 ? validation_sum_ / static_cast<double>(validation) : nan,
                    training_sum_ / static_cast<double>(training), learning_rate_at(state_.step, total_, get_int(options_.recipe, "warmup"), get_real(options_.recipe, "learning_rate"), get_real(options_.recipe, "final_rate")), gradient_norm_};
  loss_since_line_ = 0;
  steps_since_line_ = 0;
  measurements_.push_back(line);
  if (line.validation_loss < state_.best_validation) {
    state_.best_validation = line.validation_loss;
    save_model(model(), options_.run / "best.safetensors", WeightType::kFloat32);
  }
  const bool save = state_.step >= total_ || state_.step % get_int(options_.recipe, "checkpoint_every") == 0;
  phase_ = save ? Phase::kCheckpoint : Phase::kGradient;
}

Model Trainer::model() const {
  at::NoGradGuard no_grad;
  Model model = prototype_;
  model.network = find_network(model.network_id).make(model.shape, model.network_params);
  auto parameters = model.network->named_parameters();
  for (const auto& [name, value] : layout_->named(state_.ema)) parameters[name].copy_(value);
  model.network->eval();
  model.facts = {state_.step, state_.data_fingerprint, state_.recipe_json, options_.credits, options_.licence, {}, has_hard_alpha(set_), {}};
  return model;
}

void Trainer::checkpoint() {
  save_checkpoint(options_.run, state_, first_checkpoint_ ? 1 : static_cast<int>(get_int(options_.recipe, "checkpoints")));
  first_checkpoint_ = false;
}

}  // namespace kiln
