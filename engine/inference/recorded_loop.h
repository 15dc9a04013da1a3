#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/device/device_stream.h"
#include "engine/inference/sampling_loop.h"

namespace kiln {

// A run whose steps, network and all, are recorded once and repeated: CUDA graphs (static_step.h). Recordings are kept for later
// runs of as many sprites with the same model. Null where there is no stream to the device; also, with a line in the log, where the
// device cannot record this network.
std::unique_ptr<SamplingLoop> make_recorded_loop(const Model& model, const DenoiserOptions& options, const RunConfig& config,
                                                 const Conditioning& conditioning, const SpriteSeeds& seeds,
                                                 const MakeStream& make_stream = make_cuda_stream);

}  // namespace kiln
