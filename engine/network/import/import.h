#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/param_spec.h"
#include "engine/network/model.h"

namespace kiln {

// What an import can be told beside the checkpoint: size, schedule, timesteps, beta_start, beta_end, prediction, time, noise. Their
// defaults leave it to the family.
std::vector<ParamSpec> import_specs();

struct ImportOptions {
  std::string like;                  // a family; "" finds it from names and shapes
  std::vector<std::string> classes;  // names in the network's order; empty numbers them
  ParamMap values;                   // of import_specs()
};

// Another project's checkpoint (a file of PyTorch or safetensors, or a diffusers folder) as a model in evaluation mode; its notes
// say what was assumed, its hash is that of the weights' file. Nothing in the file is ever executed. Throws Failure: kNotFound,
// kUnreadable, kCorrupt, kUnsupported (no network of a known family), kInvalidArgument (options that do not fit).
Model import_checkpoint(const std::filesystem::path& path, const ImportOptions& options);

// Whether a file is a Spritekiln model by what its header says.
bool is_own_model(const std::filesystem::path& path);

// The model in a file: Spritekiln's own, or another project's with nothing said about it. Throws as load_model and
// import_checkpoint.
Model open_model(const std::filesystem::path& path);

}  // namespace kiln
