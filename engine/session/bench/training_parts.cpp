#include <ATen/ATen.h>
#include <torch/nn/module.h>  // first: clip_grad.h leans on it
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adamw.h>
#include <torch/utils.h>

#include <utility>

#include "engine/base/cpu.h"
#include "engine/data/batches.h"
#include "engine/inference/yardsticks.h"
#include "engine/pixelart/starter.h"
#include "engine/session/bench/bench_parts.h"
#include "engine/session/bench/together.h"
#include "engine/session/blas.h"
#include "engine/training/adamw.h"
#include "engine/training/gradient_workers.h"
#include "engine/training/objective.h"
#include "engine/training/recipe.h"

namespace kiln {
namespace {

constexpr int kBatch = 64;
constexpr int kRowsPerWorker = 32, kRowsOnDevice = 1024;  // of one piece, as the trainer has it
constexpr std::uint64_t kSeed = 3;

// What both trainings learn from: drawn sprites, or noise where the starter set has no such size. They stay on the device.
class Lessons {
 public:
  Lessons(const Model& model, int steps, int batch = kBatch, c10::Device device = c10::kCPU)
      : objective_(make_objective(make_recipe("", {}), model.shape.classes)),
        steps_(steps),
        batch_(batch),
        classes_(std::max(1, model.shape.classes)) {
    const auto& shape = model.shape;
    const bool drawn = shape.width == shape.height && (shape.width == 16 || shape.width == 32);
    x_ = at::rand({static_cast<std::int64_t>(kSprites), shape.channels, shape.height, shape.width}) * 2 - 1;
    const auto names = starter_classes();
    for (std::size_t i = 0; drawn && i < kSprites; ++i) {
      write_sprite(draw_starter_sprite(names[i % names.size()], shape.width, i), shape.channels,
                   x_[static_cast<std::int64_t>(i)].data_ptr<float>());
    }
    x_ = x_.to(device);
  }

  const Objective& objective() const { return *objective_; }
  int batch() const { return batch_; }
  c10::Device device() const { return x_.device(); }
  Example example(std::int64_t step) const {
    const at::Tensor rows = (at::arange(batch_, at::kLong) + step * batch_).remainder(static_cast<std::int64_t>(kSprites));
    return objective_->training_example(x_.index({sent_to(rows, x_.device())}), rows.remainder(classes_), kSeed, step);
  }
  AdamWOptions options(std::int64_t step) const {
    AdamWOptions adamw;
    adamw.learning_rate = learning_rate_at(step, steps_, std::max(1, steps_ / 10), 6e-4, 0.02);
    adamw.beta2 = 0.99;
    adamw.weight_decay = 0.01;
    return adamw;
  }

 private:
  static constexpr std::size_t kSprites = 512;
  std::unique_ptr<const Objective> objective_;
  int steps_, batch_;
  std::int64_t classes_;
  at::Tensor x_;
};

std::shared_ptr<Network> copy_of(const Model& model) {
  const at::NoGradGuard no_grad;
  auto network = find_network(model.network_id).make(model.shape, model.network_params);
  auto parameters = network->named_parameters();
  for (const auto& entry : model.network->named_parameters()) parameters[entry.key()].copy_(entry.value());
  return network;
}

// A training step as the trainer does it.
class OurTraining {
 public:
  OurTraining(const SharedModel& model, std::shared_ptr<const Lessons> lessons, int threads) : lessons_(std::move(lessons)) {
    const auto first = copy_of(*model);
    const FlatParameters layout(*first);
    weights_ = layout.values().to(lessons_->device(), false, true);
    mask_ = layout.decay_mask().to(lessons_->device());
    mean_ = at::zeros_like(weights_);
    variance_ = at::zeros_like(weights_);
    ema_ = weights_.clone();
    const bool bf16 = !weights_.is_cpu() || cpu_has_fast_bf16();
    const auto make = [&] {
      auto network = find_network(model->network_id).make(model->shape, model->network_params);
      network->set_compute_type(bf16 ? at::kBFloat16 : at::kFloat);
      return network;
    };
    workers_ = std::make_unique<GradientWorkers>(make, weights_, threads);
  }

  double step() {
    const Example example = lessons_->example(steps_);
    const int batch = lessons_->batch(), rows = weights_.is_cpu() ? kRowsPerWorker * workers_->count() : kRowsOnDevice;
    at::Tensor loss = at::zeros({}, weights_.options().dtype(at::kDouble));
    for (int first = 0; first < batch; first += rows) {
      loss += workers_->accumulate(lessons_->objective(), example.rows(first, std::min(rows, batch - first)),
                                   static_cast<std::uint64_t>(steps_), first);
    }
    const at::Tensor gradient = workers_->take_gradient();
    const at::Tensor sums = at::stack({gradient.norm().to(at::kDouble), loss}).cpu();
    AdamWOptions options = lessons_->options(steps_);
    options.gradient_scale = std::min(1.0, batch / sums[0].item<double>()) / batch;
    ++steps_;
    workers_->in_parts(gradient.numel(), [&](std::int64_t first, std::int64_t count) {
      const auto part = [&](const at::Tensor& all) { return all.narrow(0, first, count); };
      at::Tensor weights = part(weights_), mean = part(mean_), variance = part(variance_), ema = part(ema_);
      adamw_ema_step(options, steps_, part(gradient), part(mask_), weights, mean, variance, ema);
    });
    return sums[1].item<double>() / batch;
  }

 private:
  std::shared_ptr<const Lessons> lessons_;
  at::Tensor weights_, mask_, mean_, variance_, ema_;
  std::unique_ptr<GradientWorkers> workers_;
  std::int64_t steps_ = 0;
};

std::shared_ptr<Network> plain_on(const Model& model, c10::Device device) {
  auto network = plain_network(model);
  network->to(device);
  return network;
}

// The same as the usual program does it: fp32, planar, the whole batch at once, LibTorch's own optimiser.
class PlainTraining {
 public:
  PlainTraining(const SharedModel& model, std::shared_ptr<const Lessons> lessons)
      : lessons_(std::move(lessons)),
        network_(plain_on(*model, lessons_->device())),
        optimizer_(network_->parameters(), torch::optim::AdamWOptions(1e-4)) {
    network_->train();
  }

  double step() {
    const Example example = lessons_->example(steps_);
    const AdamWOptions wanted = lessons_->options(steps_);
    for (auto& group : optimizer_.param_groups()) {
      static_cast<torch::optim::AdamWOptions&>(group.options())
          .lr(wanted.learning_rate)
          .betas({wanted.beta1, wanted.beta2})
          .weight_decay(wanted.weight_decay);
    }
    optimizer_.zero_grad();
    const at::Tensor output = plain_forward(*network_, example.x_t, example.t, example.condition);
    const at::Tensor loss = ((output - example.target).square().mean({1, 2, 3}) * example.weight).mean();
    loss.backward();
    torch::nn::utils::clip_grad_norm_(network_->parameters(), 1.0);
    optimizer_.step();
    ++steps_;
    return loss.item<double>();
  }

 private:
  std::shared_ptr<const Lessons> lessons_;
  std::shared_ptr<Network> network_;
  torch::optim::AdamW optimizer_;
  std::int64_t steps_ = 0;
};

}  // namespace

BenchPart training_part(SharedModel model, const BenchScale& scale) {
  BenchPart part{scale.contest(6), {}};
  const auto lessons = std::make_shared<const Lessons>(*model, 1000);
  struct Entrants {
    int threads;
    std::size_t ours, plain, convolutions;
  };
  std::vector<Entrants> all;
  const bool bf16 = cpu_has_fast_bf16();
  for (const int threads : scale.threads) {
    Entrants e{threads, 0, 0, 0};
    e.ours = part.contest.enter([run = std::make_shared<OurTraining>(model, lessons, threads)] { run->step(); },
                                [] { set_libtorch_threads(1); });
    e.plain = part.contest.enter([run = std::make_shared<PlainTraining>(model, lessons)] { run->step(); },
                                 [threads] { set_libtorch_threads(threads); });
    std::vector<std::function<void()>> parts;
    for (int i = 0; i < threads; ++i) parts.push_back(convolutions_alone(*model, bf16, kRowsPerWorker, true));
    e.convolutions = part.contest.enter(together(std::move(parts)), [] { set_libtorch_threads(1); });
    all.push_back(e);
  }
  part.report = [all, bf16](const Contest& contest, BenchResults& results) {
    set_libtorch_threads(1);
    for (const auto& e : all) {
      results.training.push_back({e.threads, bf16 ? "bf16" : "fp32", rate_of(contest.ms(e.ours), kBatch),
                                  rate_of(contest.ms(e.plain), kBatch),
                                  rate_of(contest.ms(e.convolutions), kRowsPerWorker * e.threads)});
    }
  };
  return part;
}

BenchPart gpu_training_part(SharedModel model, int batch, const BenchScale& scale) {
  BenchPart part{scale.contest(8), {}};
  const auto lessons = std::make_shared<const Lessons>(*model, 1000, batch, c10::Device(c10::kCUDA, 0));
  // A step waits for its loss, so it is over when it returns.
  const std::size_t ours = part.contest.enter([run = std::make_shared<OurTraining>(model, lessons, 1)] { run->step(); });
  const std::size_t plain = part.contest.enter([run = std::make_shared<PlainTraining>(model, lessons)] { run->step(); });
  part.report = [=](const Contest& contest, BenchResults& results) {
    results.training_on_gpu.push_back({batch, rate_of(contest.ms(ours), batch), rate_of(contest.ms(plain), batch)});
  };
  return part;
}

BenchPart loss_curves_part(SharedModel model, int steps, const BenchScale& scale) {
  BenchPart part{Contest(steps - 1), {}};
  const auto lessons = std::make_shared<const Lessons>(*model, steps);
  const auto curves = std::make_shared<BenchResults::Curves>();
  part.contest.enter(
      [curves, run = std::make_shared<OurTraining>(model, lessons, scale.threads.back())] { curves->ours.push_back(run->step()); },
      [] { set_libtorch_threads(1); });
  part.contest.enter(
      [curves, run = std::make_shared<PlainTraining>(model, lessons)] { curves->eager_fp32.push_back(run->step()); });
  part.report = [curves](const Contest&, BenchResults& results) { results.curves = *curves; };
  return part;
}

Model make_bench_model() {
  const at::NoGradGuard no_grad;
  torch::manual_seed(1);
  ParamMap params = defaults_of(find_network("kiln_unet").params);
  params["width"] = std::int64_t{64};
  params["multipliers"] = std::string("1,2,2");
  Model model = make_model("kiln_unet", params, {16, 16, 4, 0}, starter_classes());
  for (auto& parameter : model.network->parameters()) {
    if (parameter.dim() > 1 && parameter.abs().max().item<float>() == 0) parameter.uniform_(-0.02, 0.02);
  }
  model.network->eval();
  return model;
}

}  // namespace kiln
