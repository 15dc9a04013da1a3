#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <optional>
#include <string>

#include "engine/inference/make_denoiser.h"

namespace kiln {

// Why it is not computed as asked, in the words of a note: one sentence, and what can be done.
struct DeviceFault {
  std::string message, hint;
};

// The largest ‖device - CPU‖ / ‖CPU‖ of one evaluation, both in the L2 norm over all numbers, that the precision explains: 0.02 for
// fp32, whose large operations may be done in TF32 (10 bits of mantissa), 0.1 for bf16 (7 bits). The CPU computes in fp32.
double device_tolerance(bool bf16);

using Evaluation = std::function<at::Tensor()>;

// What is wrong with the device, if anything is: `on_device` throws, or its result differs from that of `on_cpu`.
std::optional<DeviceFault> device_fault(const Evaluation& on_device, const Evaluation& on_cpu, double tolerance);

struct CheckedDevice {
  DenoiserOptions options;           // where to compute
  std::optional<DeviceFault> fault;  // of the GPU, where the CPU was taken in its place; or of a CPU that has no bf16
};

// `chosen` if `fault_of` finds nothing wrong with it, else `fallback`. Throws Failure(kUnsupported) in place of falling back where
// the person asked for that very device.
CheckedDevice checked_device(const std::string& asked, const DenoiserOptions& chosen, const DenoiserOptions& fallback,
                             const std::function<std::optional<DeviceFault>()>& fault_of);

// choose_device() for a model. A GPU has to compute what the CPU computes, in one evaluation of two sprites; that is looked at when
// the model is first used on it, and remembered.
CheckedDevice choose_device_for(const Model& model, const std::string& device, const std::string& precision, int threads);

}  // namespace kiln
