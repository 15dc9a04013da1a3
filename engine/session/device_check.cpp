#include "engine/session/device_check.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

#include <cstdio>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/log.h"
#include "engine/session/devices.h"

namespace kiln {
namespace {

constexpr const char* kHint = "update the GPU's driver, or choose the device cpu to see this no more";

// The model with something in every layer: nothing shows behind the zeros that a fresh network has in its last.
Model without_zeros(const Model& model) {
  const at::NoGradGuard no_grad;
  Model copy = make_model(model.network_id, model.network_params, model.shape, model.classes, model.frames);
  copy.diffusion = model.diffusion;
  auto generator = at::make_generator<at::CPUGeneratorImpl>(std::uint64_t{1});
  auto parameters = copy.network->named_parameters();
  for (const auto& entry : model.network->named_parameters()) {
    at::Tensor& target = parameters[entry.key()];
    target.copy_(entry.value());
    if (at::count_nonzero(target).item<std::int64_t>() == 0) target.normal_(0.0, 0.05, generator);
  }
  auto buffers = copy.network->named_buffers();
  for (const auto& entry : model.network->named_buffers()) buffers[entry.key()].copy_(entry.value());
  copy.network->eval();
  return copy;
}

// Two sprites with both halves of guidance, in the middle of a run.
at::Tensor evaluate(const Model& model, const DenoiserOptions& options) {
  auto generator = at::make_generator<at::CPUGeneratorImpl>(std::uint64_t{2});
  const auto& shape = model.shape;
  const at::Tensor x = at::randn({2, shape.channels, shape.height, shape.width}, generator, at::TensorOptions().dtype(at::kFloat));
  at::Tensor condition = at::zeros({2, shape.classes + shape.frames});
  if (shape.classes > 0) condition.select(1, 0).fill_(1);
  const auto denoiser = make_denoiser(model, options);
  denoiser->begin({model.diffusion.schedule.length / 2.0}, condition, at::zeros_like(condition));
  return denoiser->evaluate(x.to(options.device), 0, true).cpu();
}

// What was found of the models in use.
class Findings {
 public:
  template <class Check>
  std::optional<DeviceFault> of(const Model& model, bool bf16, const Check& check) {
    const std::lock_guard lock(mutex_);
    std::erase_if(known_, [](const Finding& one) { return one.network.expired(); });
    for (const Finding& one : known_) {
      if (one.network.lock() == model.network && one.bf16 == bf16) return one.fault;
    }
    known_.push_back({model.network, bf16, check()});
    return known_.back().fault;
  }

 private:
  struct Finding {
    std::weak_ptr<Network> network;
    bool bf16;
    std::optional<DeviceFault> fault;
  };
  std::mutex mutex_;
  std::vector<Finding> known_;
};

}  // namespace

double device_tolerance(bool bf16) { return bf16 ? 0.1 : 0.02; }

std::optional<DeviceFault> device_fault(const Evaluation& on_device, const Evaluation& on_cpu, double tolerance) {
  at::Tensor got;
  try {
    got = on_device().to(at::kDouble);
  } catch (const c10::Error& error) {
    log_warn(std::string("the GPU failed: ") + error.what_without_backtrace());
    return DeviceFault{"the GPU cannot evaluate this model", kHint};
  } catch (const std::exception& error) {
    log_warn(std::string("the GPU failed: ") + error.what());
    return DeviceFault{"the GPU cannot evaluate this model", kHint};
  }
  const at::Tensor expected = on_cpu().to(at::kDouble);
  if (got.sizes() != expected.sizes()) return DeviceFault{"the GPU gives another number of values than the CPU", kHint};
  const double difference = (got - expected).norm().item<double>(), size = expected.norm().item<double>();
  if (difference <= tolerance * size) return std::nullopt;  // false for NaN
  char numbers[96];
  std::snprintf(numbers, sizeof numbers, "%.2g%%, where %.2g%% can be expected", 100 * difference / size, 100 * tolerance);
  return DeviceFault{"the GPU's answers differ from the CPU's by " + std::string(numbers), kHint};
}

CheckedDevice checked_device(const std::string& asked, const DenoiserOptions& chosen, const DenoiserOptions& fallback,
                             const std::function<std::optional<DeviceFault>()>& fault_of) {
  if (chosen.device.is_cpu()) return {chosen, std::nullopt};
  std::optional<DeviceFault> fault = fault_of();
  if (!fault) return {chosen, std::nullopt};
  if (asked != "auto") throw Failure(ErrorCode::kUnsupported, fault->message, fault->hint);
  fault->message += ", so the CPU is used";
  log_warn(fault->message);
  return {fallback, std::move(fault)};
}

CheckedDevice choose_device_for(const Model& model, const std::string& device, const std::string& precision, int threads) {
  static Findings findings;
  const DenoiserOptions chosen = choose_device(device, precision, threads);
  CheckedDevice checked = checked_device(device, chosen, choose_device("cpu", precision, threads), [&] {
    return findings.of(model, chosen.bf16, [&] {
      const Model sample = without_zeros(model);
      DenoiserOptions exact;
      exact.threads = chosen.threads;
      return device_fault([&] { return evaluate(sample, chosen); }, [&] { return evaluate(sample, exact); },
                          device_tolerance(chosen.bf16));
    });
  });
  if (precision == "bf16" && !checked.options.bf16 && !checked.fault) {
    checked.fault = DeviceFault{"this processor has no bf16 arithmetic, so fp32 is used",
                                "it is the faster one here; --precision auto chooses by itself"};
  }
  return checked;
}

}  // namespace kiln
