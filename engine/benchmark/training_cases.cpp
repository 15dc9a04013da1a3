#include <ATen/ATen.h>
#include <torch/nn/module.h>  // first: clip_grad.h leans on it
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adamw.h>
#include <torch/utils.h>

#include <utility>

#include "engine/base/cpu.h"
#include "engine/base/error.h"
#include "engine/benchmark/baseline.h"
#include "engine/benchmark/cases.h"
#include "engine/benchmark/parallel.h"
#include "engine/data/batches.h"
#include "engine/pixelart/starter.h"
#include "engine/session/blas.h"
#include "engine/training/adamw.h"
#include "engine/training/gradient_sum.h"
#include "engine/training/gradient_workers.h"
#include "engine/training/objective.h"
#include "engine/training/recipe.h"

namespace kiln {
namespace {

constexpr int kBatch = 64;
constexpr int kRowsPerWorker = 32, kRowsOnDevice = 1024;  // of one piece, as the trainer has it
constexpr std::uint64_t kSeed = 3;

// What both trainings learn from: drawn sprites, or noise where the starter set has no such size. They stay on the device.
class TrainingExamples {
 public:
  TrainingExamples(const Model& model, int steps, int batch = kBatch, c10::Device device = c10::kCPU)
      : objective_(make_objective(make_recipe("", {{"channels", std::string(model.shape.channels == 4 ? "rgba" : "rgb")}}),
                                  model.shape.classes, model.palette_head)),
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

// A training step as the trainer does it; of a group's processes each does its part of the batch.
class OurTraining {
 public:
  OurTraining(const SharedModel& model, std::shared_ptr<const TrainingExamples> examples, int threads,
              std::shared_ptr<ProcessGroup> group = {})
      : examples_(std::move(examples)), group_(std::move(group)) {
    const auto first = copy_of(*model);
    const FlatParameters layout(*first);
    weights_ = layout.values().to(examples_->device(), false, true);
    mask_ = layout.decay_mask().to(examples_->device());
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
    if (!group_) return;
    sum_ = std::make_unique<GradientSum>(group_, false);
    workers_->hand_out([this](const at::Tensor& bucket) { sum_->add(bucket); });
  }

  double step() {
    const Example example = examples_->example(steps_);
    const int batch = examples_->batch(), rows = weights_.is_cpu() ? kRowsPerWorker * workers_->count() : kRowsOnDevice;
    at::Tensor loss = at::zeros({}, weights_.options().dtype(at::kDouble));
    const int rank = group_ ? group_->rank() : 0, size = group_ ? group_->size() : 1, end = batch * (rank + 1) / size;
    for (int first = batch * rank / size; first < end; first += rows) {
      loss += workers_->accumulate(examples_->objective(), example.rows(first, std::min(rows, end - first)),
                                   static_cast<std::uint64_t>(steps_), first, {}, first + rows >= end);
    }
    const at::Tensor gradient = workers_->take_gradient();
    if (group_) {
      group_->sum(loss);
      sum_->wait();
    }
    const at::Tensor sums = at::stack({gradient.norm().to(at::kDouble), loss}).cpu();
    AdamWOptions options = examples_->options(steps_);
    options.gradient_scale = std::min(1.0, batch / sums[0].item<double>()) / batch;
    ++steps_;
    workers_->in_parts(gradient.numel(), [&](std::int64_t first, std::int64_t count) {
      const auto part = [&](const at::Tensor& all) { return all.narrow(0, first, count); };
      at::Tensor weights = part(weights_), mean = part(mean_), variance = part(variance_), ema = part(ema_);
      adamw_ema_step(options, steps_, part(gradient), part(mask_), weights, mean, variance, ema);
    });
    return sums[1].item<double>() / batch;
  }
  std::int64_t steps() const { return steps_; }

 private:
  std::shared_ptr<const TrainingExamples> examples_;
  std::shared_ptr<ProcessGroup> group_;
  at::Tensor weights_, mask_, mean_, variance_, ema_;
  std::unique_ptr<GradientSum> sum_;
  std::unique_ptr<GradientWorkers> workers_;
  std::int64_t steps_ = 0;
};

std::shared_ptr<Network> baseline_on(const Model& model, c10::Device device) {
  auto network = baseline_network(model);
  network->to(device);
  return network;
}

// The same as the usual program does it: fp32, planar, the whole batch at once, LibTorch's own optimiser.
class BaselineTraining {
 public:
  BaselineTraining(const SharedModel& model, std::shared_ptr<const TrainingExamples> examples)
      : examples_(std::move(examples)),
        network_(baseline_on(*model, examples_->device())),
        optimizer_(network_->parameters(), torch::optim::AdamWOptions(1e-4)) {
    network_->train();
  }

  double step() {
    const Example example = examples_->example(steps_);
    const AdamWOptions wanted = examples_->options(steps_);
    for (auto& group : optimizer_.param_groups()) {
      static_cast<torch::optim::AdamWOptions&>(group.options())
          .lr(wanted.learning_rate)
          .betas({wanted.beta1, wanted.beta2})
          .weight_decay(wanted.weight_decay);
    }
    optimizer_.zero_grad();
    const at::Tensor output = baseline_forward(*network_, example.x_t, example.t, example.condition);
    const bool is_palette = example.target.scalar_type() == at::kLong;
    const at::Tensor loss = is_palette ? at::cross_entropy_loss(output, example.target)
                                       : ((output - example.target).square().mean({1, 2, 3}) * example.weight).mean();
    loss.backward();
    torch::nn::utils::clip_grad_norm_(network_->parameters(), 1.0);
    optimizer_.step();
    ++steps_;
    return loss.item<double>();
  }

 private:
  std::shared_ptr<const TrainingExamples> examples_;
  std::shared_ptr<Network> network_;
  torch::optim::AdamW optimizer_;
  std::int64_t steps_ = 0;
};

}  // namespace

BenchmarkCase training_case(const SharedModel& model, const BenchmarkScale& scale) {
  BenchmarkCase result{scale.comparison(6), {}};
  const auto examples = std::make_shared<const TrainingExamples>(*model, 1000);
  struct Variants {
    int threads;
    std::size_t ours, plain, convolutions;
  };
  std::vector<Variants> all;
  const bool bf16 = cpu_has_fast_bf16();
  for (const int threads : scale.threads) {
    Variants e{threads, 0, 0, 0};
    e.ours = result.comparison.add([run = std::make_shared<OurTraining>(model, examples, threads)] { run->step(); },
                                   [] { set_libtorch_threads(1); });
    e.plain = result.comparison.add([run = std::make_shared<BaselineTraining>(model, examples)] { run->step(); },
                                    [threads] { set_libtorch_threads(threads); });
    std::vector<std::function<void()>> parts;
    parts.reserve(static_cast<std::size_t>(threads));
    for (int i = 0; i < threads; ++i) parts.push_back(convolutions_only(*model, bf16, kRowsPerWorker, true));
    e.convolutions = result.comparison.add(in_parallel(std::move(parts)), [] { set_libtorch_threads(1); });
    all.push_back(e);
  }
  result.report = [all, bf16](const Comparison& comparison, BenchmarkResults& results) {
    set_libtorch_threads(1);
    for (const auto& e : all) {
      results.training.push_back({e.threads, bf16 ? "bf16" : "fp32", rate_of(comparison.ms(e.ours), kBatch),
                                  rate_of(comparison.ms(e.plain), kBatch),
                                  rate_of(comparison.ms(e.convolutions), kRowsPerWorker * e.threads)});
    }
  };
  return result;
}

namespace {

// What the first process says to all of them before each step: whether there is one.
bool goes_on(ProcessGroup& group, bool wanted) {
  at::Tensor steps = at::full({1}, group.rank() == 0 && wanted ? 1.0 : 0.0, at::kDouble);
  group.sum(steps);
  return steps.item<double>() > 0;
}

class FirstProcess {
 public:
  FirstProcess(const SharedModel& model, const std::shared_ptr<const TrainingExamples>& examples,
               std::shared_ptr<ProcessGroup> group)
      : group_(std::move(group)), training_(model, examples, 1, group_) {}
  FirstProcess(const FirstProcess&) = delete;
  FirstProcess& operator=(const FirstProcess&) = delete;
  ~FirstProcess() {
    try {
      goes_on(*group_, false);
    } catch (const Failure&) {  // they have ended by themselves
    }
  }
  void step() {
    goes_on(*group_, true);
    training_.step();
  }

 private:
  std::shared_ptr<ProcessGroup> group_;
  OurTraining training_;
};

constexpr int kSteps = 1000;  // of the schedule of what is only measured

}  // namespace

BenchmarkCase processes_case(const SharedModel& model, int processes, std::function<std::shared_ptr<ProcessGroup>()> join,
                             const BenchmarkScale& scale) {
  BenchmarkCase result{scale.comparison(8), {}};
  const auto examples = std::make_shared<const TrainingExamples>(*model, kSteps);
  const std::size_t threads =
      result.comparison.add([run = std::make_shared<OurTraining>(model, examples, processes)] { run->step(); });
  const auto first = std::make_shared<std::unique_ptr<FirstProcess>>();
  const std::size_t together = result.comparison.add([first] { (*first)->step(); },
                                                     [=, join = std::move(join)] {
                                                       if (!*first)
                                                         *first = std::make_unique<FirstProcess>(model, examples, join());
                                                     });
  result.report = [=](const Comparison& comparison, BenchmarkResults& results) {
    results.training_in_processes = {processes, cpu_has_fast_bf16() ? "bf16" : "fp32", rate_of(comparison.ms(together), kBatch),
                                     rate_of(comparison.ms(threads), kBatch)};
  };
  return result;
}

void serve_training(const SharedModel& model, const std::shared_ptr<ProcessGroup>& group) {
  OurTraining training(model, std::make_shared<const TrainingExamples>(*model, kSteps), 1, group);
  while (goes_on(*group, false)) training.step();
}

BenchmarkCase gpu_training_case(const SharedModel& model, int batch, const BenchmarkScale& scale) {
  BenchmarkCase result{scale.comparison(8), {}};
  const auto examples = std::make_shared<const TrainingExamples>(*model, 1000, batch, c10::Device(c10::kCUDA, 0));
  // A step waits for its loss, so it is over when it returns. The first few are plain, then one is recorded.
  const auto run = std::make_shared<OurTraining>(model, examples, 1);
  const std::size_t ours = result.comparison.add([run] { run->step(); },
                                                 [run] {
                                                   while (run->steps() < 5) run->step();
                                                 });
  const std::size_t plain = result.comparison.add([run = std::make_shared<BaselineTraining>(model, examples)] { run->step(); });
  result.report = [=](const Comparison& comparison, BenchmarkResults& results) {
    results.training_on_gpu.push_back({batch, rate_of(comparison.ms(ours), batch), rate_of(comparison.ms(plain), batch)});
  };
  return result;
}

BenchmarkCase loss_curves_case(const SharedModel& model, int steps, const BenchmarkScale& scale) {
  BenchmarkCase result{Comparison(steps - 1), {}};
  const auto examples = std::make_shared<const TrainingExamples>(*model, steps);
  const auto curves = std::make_shared<BenchmarkResults::Curves>();
  result.comparison.add(
      [curves, run = std::make_shared<OurTraining>(model, examples, scale.threads.back())] { curves->ours.push_back(run->step()); },
      [] { set_libtorch_threads(1); });
  result.comparison.add(
      [curves, run = std::make_shared<BaselineTraining>(model, examples)] { curves->eager_fp32.push_back(run->step()); });
  result.report = [curves](const Comparison&, BenchmarkResults& results) { results.curves = *curves; };
  return result;
}

Model make_benchmark_model() {
  ParamMap params = defaults_of(find_network("kiln_unet").params);
  params["width"] = std::int64_t{64};
  params["multipliers"] = std::string("1,2,2");
  return make_benchmark_model("kiln_unet", params);
}

Model make_benchmark_model(const std::string& network, const ParamMap& params) {
  const at::NoGradGuard no_grad;
  torch::manual_seed(1);
  Model model = make_model(network, params, {16, 16, 4, 0}, starter_classes());
  for (auto& parameter : model.network->parameters()) {
    if (parameter.dim() > 1 && parameter.abs().max().item<float>() == 0) parameter.uniform_(-0.02, 0.02);
  }
  model.network->eval();
  return model;
}

}  // namespace kiln
