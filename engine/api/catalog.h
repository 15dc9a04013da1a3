#pragma once

#include <string>
#include <vector>

#include "engine/base/param_spec.h"

namespace kiln {

struct SamplerInfo {
  std::string id;     // "ddim"
  std::string label;  // "DDIM"
  std::string help;
  std::vector<ParamSpec> params;
};

struct RecipeInfo {
  std::string id;     // "standard"
  std::string label;  // "Standard"
  std::string help;
  ParamMap values;          // over the defaults of Catalog::recipe
  bool needs_init = false;  // is for going on with a model
};

struct NetworkInfo {
  std::string id;                   // a value of the recipe's "network"
  std::vector<std::string> params;  // their ids in Catalog::recipe; the first says how large it is
};

// What this build of the engine can do; everything the window and the command line offer is made from it.
struct Catalog {
  std::vector<SamplerInfo> samplers;  // in the order to show them
  std::vector<ParamSpec> sampling;    // shared by all samplers: guidance, guidance_from, guidance_to, rescale, spacing, clamp
  std::vector<ParamSpec> recipe;      // training
  std::vector<RecipeInfo> recipes;    // presets
  std::vector<NetworkInfo> networks;  // that can be trained
  std::vector<ParamSpec> import;      // what an import can be told: size, schedule, timesteps …
  std::vector<std::string> families;  // of networks that can be imported
  std::string device_name;            // "AMD EPYC, 2 threads" or the GPU's
};

}  // namespace kiln
