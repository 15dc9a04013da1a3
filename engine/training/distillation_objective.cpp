#include "engine/training/distillation_objective.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <array>
#include <cmath>
#include <utility>

#include "engine/api/sampling.h"
#include "engine/base/error.h"
#include "engine/data/batches.h"
#include "engine/data/counter_random.h"
#include "engine/diffusion/denoising_loop.h"
#include "engine/diffusion/spacing.h"

namespace kiln {
namespace {

enum Stream : std::uint64_t { kDistilledNoise = 111, kDistilledGuidance };
constexpr std::uint64_t kFixedStep = ~std::uint64_t{0};  // whose random numbers no training step reads

constexpr int kParts = 12;  // the teacher's way can be cut into 1, 2, 3 and 4 equal parts

// Where the teacher's runs start: after `done` of the network's own `steps`. A run of each kind for every so many rows, the starts
// of parts that these runs pass, each for its number of steps.
struct Start {
  int steps, done;
};
constexpr std::array kStarts{Start{1, 0}, Start{1, 0}, Start{2, 1}, Start{4, 1}, Start{3, 1}, Start{4, 3}};
constexpr std::int64_t kRowsOfStarts = 36;

// A run's first x, given.
class GivenStart : public NoiseSource {
 public:
  explicit GivenStart(at::Tensor x) : x_(std::move(x)) {}
  at::Tensor draw() override { return x_; }

 private:
  at::Tensor x_;
};

// The network in training, in a run.
class NetworkDenoiser : public Denoiser {
 public:
  NetworkDenoiser(const NetworkAnswers& network, int length) : network_(network), length_(length) {}

  void begin(const std::vector<double>& timesteps, const at::Tensor& condition, const at::Tensor&) override {
    timesteps_ = timesteps;
    condition_ = condition;
  }
  at::Tensor evaluate(const at::Tensor& x, int step, bool) override {
    const double t = timesteps_[static_cast<std::size_t>(step)] / length_;
    return network_(x, at::full({x.size(0)}, t, x.options()), sent_to(condition_, x.device()));
  }

 private:
  const NetworkAnswers& network_;
  double length_;
  std::vector<double> timesteps_;
  at::Tensor condition_;
};

// Remembers what another one gave last.
class RememberingDenoiser : public Denoiser {
 public:
  explicit RememberingDenoiser(Denoiser& denoiser) : denoiser_(denoiser) {}
  void begin(const std::vector<double>& timesteps, const at::Tensor& condition, const at::Tensor& negative) override {
    denoiser_.begin(timesteps, condition, negative);
  }
  at::Tensor evaluate(const at::Tensor& x, int step, bool guided) override {
    was_guided = guided;
    return output = denoiser_.evaluate(x, step, guided);
  }

  at::Tensor output;
  bool was_guided = false;

 private:
  Denoiser& denoiser_;
};

at::Tensor weighted_sum(const std::vector<at::Tensor>& all, int first, const std::vector<double>& weights) {
  at::Tensor sum;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const at::Tensor part = all[static_cast<std::size_t>(first) + i] * weights[i];
    sum = sum.defined() ? sum + part : part;
  }
  return sum;
}

}  // namespace

ParamMap few_steps_sampling(const ParamMap& teacher) {
  ParamMap sampling = {{"steps", kFewSteps}};
  for (const char* id : {"guidance", "merge_colours"}) {
    if (const auto found = teacher.find(id); found != teacher.end()) sampling.insert(*found);
  }
  return sampling;
}

DistillationObjective::DistillationObjective(const ParamMap& recipe, ConditionGroups groups, std::unique_ptr<const Objective> inner,
                                             OutputHead head, Teacher teacher)
    : Objective(Noising(recipe, groups)), inner_(std::move(inner)), head_(std::move(head)), teacher_(std::move(teacher)) {
  if (head_.prediction == Prediction::kEpsilon)
    throw Failure(ErrorCode::kInvalidArgument, "a model that predicts eps cannot be distilled to a few steps",
                  "start from one that predicts v or x0, or that has a palette head");
  const auto steps = static_cast<int>(get_int(recipe, "teacher_steps"));
  if (steps % kParts != 0)
    throw Failure(ErrorCode::kInvalidArgument, "teacher_steps cannot be " + std::to_string(steps),
                  "give a multiple of " + std::to_string(kParts));
  timesteps_ = spaced_timesteps(Spacing::kTrailing, schedule().length(), steps);
}

Example DistillationObjective::training_example(const at::Tensor& x, const at::Tensor& classes, std::uint64_t seed,
                                                std::int64_t step, const NetworkAnswers& network) const {
  const auto place = static_cast<std::uint64_t>(step);
  return distilled(x, noising().conditions(classes, seed, step), CounterRandom(seed, kDistilledGuidance, place).unit(),
                   CounterRandom(seed, kDistilledNoise, place).next(), step % 2 == 0 ? network : NetworkAnswers());
}

Example DistillationObjective::fixed_example(const at::Tensor& x, const at::Tensor& classes, std::uint64_t seed) const {
  return distilled(sent_to(x, teacher_.device), noising().fixed(x, classes, seed).condition.cpu(), 0.5,
                   CounterRandom(seed, kDistilledNoise, kFixedStep).next(), {});
}

Example DistillationObjective::distilled(const at::Tensor& x, const at::Tensor& conditions, double offset, std::uint64_t noise_seed,
                                         const NetworkAnswers& network) const {
  const at::NoGradGuard no_grad;
  const std::int64_t batch = x.size(0), runs = (batch + kRowsOfStarts - 1) / kRowsOfStarts;  // of each of kStarts
  const auto teacher_steps = static_cast<int>(timesteps_.size());
  CounterRandom seeds(noise_seed, 0, 0);
  std::vector<at::Tensor> x_t, x0, probabilities, timesteps, condition;
  for (std::size_t i = 0; i < kStarts.size(); ++i) {
    const double share = std::fmod(offset + static_cast<double>(i) / kStarts.size(), 1.0);
    const double guidance = kLeastBuiltInGuidance + share * (kMostBuiltInGuidance - kLeastBuiltInGuidance);
    const auto place = static_cast<std::int64_t>(i);
    const at::Tensor members = at::arange(place * runs, (place + 1) * runs).remainder(batch);
    const at::Tensor classes = conditions.index_select(0, members);
    const auto told = [&](int steps) {
      return at::cat({classes, at::full({runs, 1}, guidance), at::full({runs, 1}, static_cast<double>(steps))}, 1);
    };
    const int own_steps = kStarts[i].steps, done = kStarts[i].done;
    const at::Tensor from =
        start(x.index_select(0, sent_to(members, x.device())), own_steps, done, told(own_steps), seeds.next(), network);
    const TeacherRun run = teacher_run(from, done * teacher_steps / own_steps, classes, guidance);
    for (int steps = 1; steps <= kMostFewSteps; ++steps) {
      for (int part = 0; part < steps; ++part) {
        const int first = part * teacher_steps / steps, end = (part + 1) * teacher_steps / steps;
        if (first < run.first) continue;
        const std::vector<double> weights = shares(first, end);
        x_t.push_back(run.x[static_cast<std::size_t>(first - run.first)]);
        x0.push_back(weighted_sum(run.x0, first - run.first, weights));
        if (head_.is_palette()) probabilities.push_back(weighted_sum(run.probabilities, first - run.first, weights));
        timesteps.push_back(at::full({runs}, timesteps_[static_cast<std::size_t>(first)], at::kLong));
        condition.push_back(told(steps));
      }
    }
  }
  const auto rows = [&](const std::vector<at::Tensor>& parts) { return at::cat(parts).narrow(0, 0, batch); };
  Example example = inner_->example_of(rows(x0), noising().seen_at(rows(x_t), rows(timesteps), rows(condition), rows(x0)));
  if (head_.is_palette()) {  // guidance makes some less than 0, which no network can say
    const at::Tensor kept = rows(probabilities).clamp_min(0);
    example.target = kept / kept.sum(1, true);
  }
  return example;
}

at::Tensor DistillationObjective::start(const at::Tensor& x, int steps, int done, const at::Tensor& told, std::uint64_t noise_seed,
                                        const NetworkAnswers& network) const {
  RunConfig config;
  config.few_steps = true;
  config.guidance.scale = 1;
  config.timesteps = spaced_timesteps(Spacing::kTrailing, schedule().length(), steps);
  const auto noised_to = [&](int step) {
    const at::Tensor level = at::full({x.size(0)}, config.timesteps[static_cast<std::size_t>(step)], at::kLong);
    return noising().noised_at(x, level, told, noise_seed).x_t;
  };
  if (done == 0 || !network) return noised_to(done);
  NetworkDenoiser denoiser(network, schedule().length());
  DenoisingLoop loop(schedule(), head_, config, denoiser, Conditioning(told), std::make_unique<GivenStart>(noised_to(0)));
  while (loop.steps_done() < done) loop.step();
  return loop.x();
}

DistillationObjective::TeacherRun DistillationObjective::teacher_run(const at::Tensor& x_t, int first, const at::Tensor& conditions,
                                                                     double guidance) const {
  const ParamMap values = with_defaults({}, teacher_.model->facts.sampling).shared_params;
  const auto steps = static_cast<int>(timesteps_.size()), left = steps - first;
  const auto of_rest = [&](const char* id) { return (get_real(values, id) * steps - first) / left; };
  RunConfig config;
  config.timesteps.assign(timesteps_.begin() + first, timesteps_.end());
  config.guidance = {
      .scale = guidance, .from = of_rest("guidance_from"), .to = of_rest("guidance_to"), .rescale = get_real(values, "rescale")};
  StepNumbers numbers{};
  numbers[kGuidance] = config.guidance.scale;
  numbers[kRescale] = config.guidance.rescale;
  RememberingDenoiser denoiser(*teacher_.denoiser);
  DenoisingLoop loop(schedule(), head_, config, denoiser, Conditioning(conditions), std::make_unique<GivenStart>(x_t));
  TeacherRun run{.first = first, .x = {}, .x0 = {}, .probabilities = {}};
  while (!loop.done()) {
    run.x.push_back(loop.x());
    loop.step();
    run.x0.push_back(loop.x0());
    if (!head_.is_palette()) continue;
    const at::Tensor to_guide = head_.to_guide(denoiser.output);
    run.probabilities.push_back(head_.probabilities(
        denoiser.was_guided ? guided(HostArithmetic(numbers), to_guide, config.guidance.rescale != 0) : to_guide,
        palette_sharpness(loop.total() - loop.steps_done())));
  }
  return run;
}

// A DDIM step from ᾱ to ᾱ' makes of x0 and x: x0 (√ᾱ' - c √ᾱ) + c x, with c = √(1-ᾱ') / √(1-ᾱ) (Song et al. 2021, eq. 12).
std::vector<double> DistillationObjective::shares(int first, int end) const {
  const auto alpha_bar = [&](int step) {
    return step < static_cast<int>(timesteps_.size())
               ? schedule().alphas_bar[static_cast<std::size_t>(timesteps_[static_cast<std::size_t>(step)])]
               : 1.0;
  };
  std::vector<double> shares;
  double sum = 0;
  for (int step = first; step < end; ++step) {
    const double now = alpha_bar(step), next = alpha_bar(step + 1), kept = std::sqrt((1 - next) / (1 - now));
    for (double& share : shares) share *= kept;
    shares.push_back(std::sqrt(next) - kept * std::sqrt(now));
    sum = sum * kept + shares.back();
  }
  for (double& share : shares) share /= sum;
  return shares;
}

}  // namespace kiln
