#pragma once

#include <filesystem>

#include "engine/network/model.h"

namespace kiln {

// Writes config.json, diffusion_pytorch_model.safetensors and scheduler_config.json, as diffusers' UNet2DModel and DDPMScheduler
// read them. Throws Failure: kUnsupported (another network, a schedule that diffusers does not have), destination.
void export_to_diffusers(const Model& model, const std::filesystem::path& folder);

}  // namespace kiln
