#pragma once

#include <filesystem>
#include <map>
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

// The model's folder itself, or its `unet_ema` or `unet`; averaged weights (`….ema.safetensors`) first, then the usual names, then
// other variants (`….fp16.safetensors`), then any one index or file of weights. Throws Failure(kNotFound) if there are none or
// several, naming what could be meant.
WeightFiles find_weights(const std::filesystem::path& folder, const std::string& name);

// The file of each tensor, as an index of weights in parts names it. Throws Failure(kCorrupt): no such index, a file in another
// folder than its own.
using WeightMap = std::map<std::string, std::string>;
WeightMap parse_weight_index(std::string_view json, std::string_view name);

// Throws as parse_weight_index, and Failure(kNotFound) if a part is not in the index's folder.
WeightMap read_weight_index(const std::filesystem::path& index);

// Whether a file is such an index by its name.
bool is_weight_index(const std::filesystem::path& path);

// “diffusion_pytorch_model-00001-of-00002.safetensors”: one of several parts.
bool is_weight_part(const std::filesystem::path& path);

// Whether a name's words, between “_”, “-” and “.”, say that weights are averaged: ema, avg, swa …, but not non_ema.
bool says_averaged(std::string_view name);

}  // namespace kiln
