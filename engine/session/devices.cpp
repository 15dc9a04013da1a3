#include "engine/session/devices.h"

#include <torch/cuda.h>

#include "engine/base/cpu.h"
#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {

bool cuda_available() {
  static const bool available = torch::cuda::is_available();
  return available;
}

int default_threads() { return usable_cores(); }

DenoiserOptions choose_device(const std::string& device, const std::string& precision, int threads) {
  DenoiserOptions options;
  if (device == "cuda" || (device == "auto" && cuda_available())) {
    if (!cuda_available())
      throw Failure(ErrorCode::kUnsupported, "there is no CUDA device here", "use --device cpu, or a build with a CUDA LibTorch");
    options.device = c10::Device(c10::kCUDA, 0);
  } else if (device != "cpu" && device != "auto") {
    throw Failure(ErrorCode::kInvalidArgument, "there is no device “" + device + "”", name_hint(device, {"auto", "cpu", "cuda"}));
  }
  if (precision != "auto" && precision != "fp32" && precision != "bf16") {
    throw Failure(ErrorCode::kInvalidArgument, "there is no precision “" + precision + "”",
                  name_hint(precision, {"auto", "fp32", "bf16"}));
  }
  options.bf16 = precision != "fp32" && (options.device.is_cuda() || cpu_has_fast_bf16());
  if (threads < 0 || threads > 256)
    throw Failure(ErrorCode::kInvalidArgument, std::to_string(threads) + " threads cannot be used",
                  "give a number from 1 to 256, or 0 for all that help");
  options.threads = threads > 0 ? threads : default_threads();
  return options;
}

}  // namespace kiln
