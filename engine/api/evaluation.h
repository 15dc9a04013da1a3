#pragma once

#include <string>
#include <vector>

#include "engine/api/dataset.h"
#include "engine/api/sampling.h"

namespace kiln {

// What an evaluation can be told: its own parameters, then those of sampling but for which sprites to make and when to show them.
const std::vector<ParamSpec>& evaluation_specs();

struct EvaluateRequest {
  std::string model;
  SpriteSource data;
  SpriteSource heldout;     // an empty path: none
  SampleSettings settings;  // shared_params: of evaluation_specs()
  std::string features;     // a TorchScript file to take distances by; empty: a classifier trained on the data
  std::string picture;      // a PNG to write; empty: none
  std::string cache;        // folder where trained classifiers are kept for the next time; empty: none
};

}  // namespace kiln
