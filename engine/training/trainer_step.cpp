// A step of a Trainer: the gradient of its rows, what other processes add to it, the update.
#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "engine/data/counter_random.h"
#include "engine/network/blocks/named_layers.h"
#include "engine/training/adamw.h"
#include "engine/training/live_changes.h"
#include "engine/training/recipe.h"
#include "engine/training/trainer.h"

namespace kiln {
namespace {

enum Stream : std::uint64_t { kDropout = 101 };

constexpr int kRowsPerWorker = 32;   // of one piece: keeps activations in the cache and a piece short
constexpr int kRowsOnDevice = 1024;  // of one piece on a GPU: it wants them all at once
constexpr int kRowsPerPass = 32;  // of networks that normalise by a pass's rows: part of what is computed, so not a matter of speed
constexpr double kSmoothing = 0.99;

// How many a batch is cut into.
std::int64_t passes_of(std::int64_t batch) { return (batch + kRowsPerPass - 1) / kRowsPerPass; }

}  // namespace

double Trainer::learning_rate() const {
  const ParamMap& recipe = options_.recipe;
  return learning_rate_at(state_.step, total_, get_int(recipe, "warmup"), get_real(recipe, "learning_rate"),
                          get_real(recipe, "final_rate"));
}

// Where the next rows are cut into passes; empty for networks whose passes do not depend on the rows in them. The batch is
// cut into parts of up to kRowsPerPass as even as can be, whoever computes them.
std::vector<std::int64_t> Trainer::next_cuts() const {
  if (state_.buffers.numel() == 0) return {};
  const std::int64_t batch = batch_size_, passes = passes_of(batch), next = first_row_ + rows_done_;
  std::vector<std::int64_t> cuts;
  for (std::int64_t pass = 0; pass <= passes && static_cast<int>(cuts.size()) <= workers_->count(); ++pass) {
    const std::int64_t row = batch * pass / passes;
    if (row >= next && row <= first_row_ + rows_) cuts.push_back(row - next);
  }
  return cuts;
}

// A batch's rows are shared out evenly, where passes must not be parted, by passes.
std::int64_t Trainer::first_row_of(int process) const {
  const std::int64_t batch = batch_size_, size = options_.group->size();
  if (state_.buffers.numel() == 0) return batch * process / size;
  return batch * (passes_of(batch) * process / size) / passes_of(batch);
}

std::int64_t Trainer::rows_a_piece() const {
  return options_.device.is_cpu() ? static_cast<std::int64_t>(kRowsPerWorker) * workers_->count() : kRowsOnDevice;
}

void Trainer::gradient_piece() {
  const auto start = Pace::Clock::now();
  if (rows_done_ == 0) {
    const Batch batch = batches_->batch(state_.step, batch_size_);
    const auto network = [this](const at::Tensor& x_t, const at::Tensor& t, const at::Tensor& condition) {
      return workers_->answer(x_t, t, condition);
    };
    example_ = objective_->training_example(batch.x, batch.classes, seed_, state_.step, network);
    if (prototype_.shape.labels > 0) example_.condition = at::cat({example_.condition, batch.labels}, 1);
    step_loss_ = at::zeros({}, batch.x.options().dtype(at::kDouble));
  }
  const std::vector<std::int64_t> cuts = next_cuts();
  const auto rows = cuts.empty() ? std::min<std::int64_t>(rows_ - rows_done_, rows_a_piece()) : cuts.back();
  const auto dropout_seed = CounterRandom(seed_, kDropout, static_cast<std::uint64_t>(state_.step)).next();
  const std::int64_t first = first_row_ + rows_done_;
  const bool last = rows_done_ + rows == rows_;
  if (rows > 0) step_loss_ += workers_->accumulate(*objective_, example_.rows(first, rows), dropout_seed, first, cuts, last);
  rows_done_ += rows;
  pace_.time += Pace::Clock::now() - start;
  if (rows_done_ == rows_) phase_ = Phase::kUpdate;
}

void Trainer::update() {
  const ParamMap& recipe = options_.recipe;
  const at::Tensor gradient = workers_->take_gradient();
  at::Tensor statistics;
  if (state_.buffers.numel() > 0) statistics = workers_->take_statistics();
  if (options_.group) sum_over_processes(statistics);
  const at::Tensor sums = at::stack({gradient.norm().to(at::kDouble), step_loss_}).cpu();  // the one wait for a device in a step
  gradient_norm_ = sums[0].item<double>() / batch_size_;
  const double loss = sums[1].item<double>() / batch_size_;
  sound_ = std::isfinite(gradient_norm_) && std::isfinite(loss);
  if (!sound_) {
    throw Failure(ErrorCode::kInvalidArgument, "the training has diverged at step " + std::to_string(state_.step),
                  "lower the learning rate, or raise the warm-up");
  }
  AdamWOptions adamw;
  adamw.learning_rate = learning_rate();
  adamw.beta1 = get_real(recipe, "beta1");
  adamw.beta2 = get_real(recipe, "beta2");
  adamw.weight_decay = get_real(recipe, "weight_decay");
  adamw.ema_decay = ema_decay_at(state_.step, get_real(recipe, "ema_decay"));
  const double clip = get_real(recipe, "gradient_clip");
  adamw.gradient_scale = (clip > 0 && gradient_norm_ > clip ? clip / gradient_norm_ : 1.0) / batch_size_;
  sound_ = false;  // until all of it is updated
  ++state_.step;
  workers_->in_parts(gradient.numel(), [&](std::int64_t first, std::int64_t count) {
    const auto part = [&](const at::Tensor& all) { return all.narrow(0, first, count); };
    at::Tensor weights = part(state_.weights), mean = part(state_.mean), variance = part(state_.variance), ema = part(state_.ema);
    adamw_ema_step(adamw, state_.step, part(gradient), part(decay_mask_), weights, mean, variance, ema);
  });
  update_statistics(statistics, adamw.ema_decay);

  state_.smoothed_loss = state_.step == 1 ? loss : kSmoothing * state_.smoothed_loss + (1 - kSmoothing) * loss;
  state_.loss_since_line += loss;
  ++state_.steps_since_line;
  sound_ = true;
  rows_done_ = 0;
  end_step(adamw.learning_rate);
}

// rate: that of the step.
void Trainer::end_step(double rate) {
  const ParamMap changes = std::exchange(agreed_changes_, {});
  if (!changes.empty()) take_changes(changes);
  if (measurement_due()) {
    phase_ = Phase::kMeasure;
  } else {
    phase_ = state_.step % get_int(options_.recipe, "checkpoint_every") == 0 ? Phase::kCheckpoint : Phase::kGradient;
    if (state_.step % 10 == 0) end_line(rate);
  }
  if (!changes.empty()) checkpoint();
}

// What the step is made of, from all processes, the gradient among it, whose sum has begun; whether one of them wants to stop, or
// to change the recipe; and how fast each is.
void Trainer::sum_over_processes(at::Tensor& statistics) {
  const ProcessGroup& group = *options_.group;
  const auto start = Pace::Clock::now();
  std::vector<double> numbers = {step_loss_.item<double>(), stop_wanted_ ? 1.0 : 0.0};  // waits for a device
  pace_.time += Pace::Clock::now() - start;
  pace_.rows += rows_;
  const std::vector<double> changes = numbers_of_changes(std::exchange(wanted_changes_, {}));
  numbers.insert(numbers.end(), changes.begin(), changes.end());
  const std::size_t paces = numbers.size();
  numbers.resize(paces + static_cast<std::size_t>(group.size()));
  numbers[paces + static_cast<std::size_t>(group.rank())] = pace_.images_per_s();
  at::Tensor sums = at::tensor(numbers, at::kDouble);
  options_.group->sum(sums);
  if (statistics.defined()) options_.group->sum(statistics);
  gradient_sum_->wait();
  numbers.assign(sums.data_ptr<double>(), sums.data_ptr<double>() + sums.numel());
  step_loss_ = sums[0].to(step_loss_.device());
  stopping_ = numbers[1] > 0;
  agreed_changes_ = changes_of_numbers(&numbers[2]);
  rank_images_per_s_.assign(numbers.begin() + static_cast<std::ptrdiff_t>(paces), numbers.end());
}

// The averaged weights get averaged statistics, so that both are of the same age.
void Trainer::update_statistics(const at::Tensor& statistics, double ema_decay) {
  if (state_.buffers.numel() == 0) return;
  state_.buffers.mul_(1 - kBatchNormMomentum).add_(statistics, 1.0 / batch_size_);
  state_.ema_buffers.lerp_(state_.buffers, 1 - ema_decay);
}

}  // namespace kiln
