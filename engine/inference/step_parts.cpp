#include "engine/inference/step_parts.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>

#include "engine/diffusion/step_numbers.h"
#include "engine/inference/cpu_plan.h"
#include "engine/inference/make_denoiser.h"

namespace kiln {
namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

at::Tensor noise_of(const Model& model, int count) {
  return at::zeros({count, model.shape.channels, model.shape.height, model.shape.width});
}

// Guidance and the sampler's sum, once.
double sampler_ms(const Model& model) {
  const at::Tensor x = noise_of(model, kTimedSprites);
  const at::Tensor output = at::zeros({2 * x.size(0), x.size(1), x.size(2), x.size(3)});
  StepNumbers numbers;
  numbers.fill(0.5);
  StepKind kind;
  kind.guided = true;
  const StepTensors in{x, x, {}, {}};
  const auto start = Clock::now();
  stepped(HostArithmetic(numbers), kind, OutputHead(Prediction::kV), output, in);
  return ms_since(start);
}

double network_ms(const Model& model, bool bf16) {
  DenoiserOptions options;
  options.bf16 = bf16;
  const auto denoiser = make_denoiser(model, options);
  const at::Tensor x = noise_of(model, kTimedSprites);
  const at::Tensor condition = at::zeros({kTimedSprites, model.shape.condition_width()});
  denoiser->begin({0}, condition, condition);
  const auto start = Clock::now();
  denoiser->evaluate(x, 0, true);
  return ms_since(start);
}

}  // namespace

#if SPRITEKILN_ONEDNN

// A guided step as one core does it: a few sprites with both their halves at a time.
class StepParts::PlanTimes {
 public:
  PlanTimes(const NetworkGraph& graph, const NetworkShape& shape, bool bf16)
      : plan_(graph, shape, CpuPlanOptions{bf16, true, {}}),
        workspace_(plan_.make_workspace()),
        x_(at::zeros({shape.channels, shape.height, shape.width})),
        out_(at::zeros({kPictures, shape.output_channels(), shape.height, shape.width})),
        modulation_(at::zeros({graph.modulation_size})) {}

  std::array<double, kPlanParts> round() {
    std::vector<CpuPlan::Picture> pictures;
    pictures.reserve(kPictures);
    for (int i = 0; i < kPictures; ++i)
      pictures.push_back({x_.data_ptr<float>(), modulation_.data_ptr<float>(), out_[i].data_ptr<float>()});
    std::array<double, kPlanParts> ms{};
    for (int sprites = 0; sprites < kTimedSprites; sprites += kPictures / 2)
      plan_.run_timed(*workspace_, pictures, kPictures / 2, ms);
    return ms;
  }

 private:
  static constexpr int kPictures = CpuPlan::kMostPictures;

  CpuPlan plan_;
  std::unique_ptr<PlanWorkspace> workspace_;
  at::Tensor x_, out_, modulation_;
};

StepParts::StepParts(const Model& model, bool bf16) : model_(model), bf16_(bf16) {
  const at::NoGradGuard no_grad;
  try {
    plan_ = std::make_unique<PlanTimes>(model.network->graph(), model.shape, bf16);
  } catch (const dnnl::error&) {
    // no such convolution on this processor
  }
}

#else

class StepParts::PlanTimes {};

StepParts::StepParts(const Model& model, bool bf16) : model_(model), bf16_(bf16) {}

#endif

StepParts::~StepParts() = default;

void StepParts::round() {
  const at::NoGradGuard no_grad;
  if (!plan_) {
    add("Network", network_ms(model_, bf16_));
  } else {
#if SPRITEKILN_ONEDNN
    constexpr std::array kNames{"Convolutions", "Norms", "Attention", "Copies"};
    static_assert(kNames.size() == kPlanParts);
    const auto ms = plan_->round();
    for (std::size_t part = 0; part < kPlanParts; ++part) add(kNames[part], ms[part]);
#endif
  }
  add("Guidance and sampler", sampler_ms(model_));
}

void StepParts::add(const std::string& name, double ms) {
  for (Part& part : parts_) {
    if (part.name == name) return part.ms.push_back(ms);
  }
  parts_.push_back({name, {ms}});
}

std::vector<PartTime> StepParts::medians() const {
  std::vector<PartTime> times;
  for (const Part& part : parts_) times.push_back({part.name, median(part.ms)});
  return times;
}

}  // namespace kiln
