#pragma once

#include <memory>

#include "engine/device/device_stream.h"
#include "engine/inference/make_denoiser.h"

namespace kiln {

// A Denoiser that records the network's evaluation where the same number of sprites is asked for again and again, and repeats the
// recording: a GPU does it several times faster than it can be told each operation. For loops whose other operations are their own
// (make_recorded_loop records those too). Null where `make_stream` gives none.
std::unique_ptr<Denoiser> make_recorded_denoiser(const Model& model, const DenoiserOptions& options, const MakeStream& make_stream);

}  // namespace kiln
