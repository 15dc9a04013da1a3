#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kiln {

// The weights in a folder of diffusers or another training program.
struct WeightFiles {
  std::filesystem::path folder;    // where they and config.json lie
  std::filesystem::path file;      // the weights, or the index of their parts
  std::vector<std::string> notes;  // what was chosen among several
};

// The model's folder itself, or its `unet_ema` or `unet`; the usual names first, then variants (`….fp16.safetensors`), then any one
// file of weights. Throws Failure(kNotFound) if there are none, naming what could be meant.
WeightFiles find_weights(const std::filesystem::path& folder, const std::string& name);

// The files that an index of weights in parts names. Throws Failure(kCorrupt): no such index, a file in another folder than its
// own.
std::set<std::string> parts_of_index(std::string_view json, std::string_view name);

// The same as paths in the index's folder. Throws as parts_of_index, and Failure(kNotFound) if a part is missing.
std::vector<std::filesystem::path> indexed_parts(const std::filesystem::path& index);

// Whether a file is such an index by its name.
bool is_weight_index(const std::filesystem::path& path);

// “diffusion_pytorch_model-00001-of-00002.safetensors”: one of several parts.
bool is_weight_part(const std::filesystem::path& path);

}  // namespace kiln
