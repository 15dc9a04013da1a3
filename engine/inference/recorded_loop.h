#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/inference/device_lane.h"
#include "engine/inference/sampling_loop.h"

namespace kiln {

using MakeLane = std::function<std::unique_ptr<DeviceLane>(c10::Device device)>;

// A run whose steps, network and all, are recorded once and repeated: CUDA graphs (static_step.h). Recordings are kept for later
// runs of as many sprites with the same model. Null where there is no lane to the device; also, with a line in the log, where the
// device cannot record this network.
std::unique_ptr<SamplingLoop> make_recorded_loop(const Model& model, const DenoiserOptions& options, const RunConfig& config,
                                                 const at::Tensor& condition, const std::vector<std::uint64_t>& seeds,
                                                 const MakeLane& make_lane = make_cuda_lane);

}  // namespace kiln
