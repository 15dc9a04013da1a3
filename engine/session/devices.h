#pragma once

#include <string>

#include "engine/inference/make_denoiser.h"

namespace kiln {

bool cuda_available();

// Compute threads for work that the user waits for: all cores but, where the window needs its share, no fewer than one.
int default_threads();

// What is asked for and is there; device_check.h says whether it computes what it should. From "auto", "cpu" or "cuda", "auto",
// "fp32" or "bf16" (where the processor has no bf16, fp32 in its place), and a number of threads (0: default). Throws
// Failure(kInvalidArgument, kUnsupported) for anything that is not there.
DenoiserOptions choose_device(const std::string& device, const std::string& precision, int threads);

}  // namespace kiln
