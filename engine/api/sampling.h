#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/param_spec.h"

namespace kiln {

// One class of a condition. Weight 1 alone is that class; weights that sum to less than 1 leave the rest to the null condition,
// more than 1 are scaled down to sum to 1.
struct ClassWeight {
  std::string name;
  double weight = 1;
  friend bool operator==(const ClassWeight&, const ClassWeight&) = default;
};
using Condition = std::vector<ClassWeight>;  // empty: the null condition

// Everything that decides what comes out, the same for all sprites of a request.
struct SampleSettings {
  std::string sampler = "ddim";  // Catalog::samplers
  ParamMap sampler_params;       // that sampler's own (eta, variance …)
  int steps = 25;
  ParamMap shared_params;          // Catalog::sampling: guidance, its interval, rescale, spacing, x0 clamp …
  std::string device = "auto";     // auto cpu cuda
  std::string precision = "auto";  // auto fp32 bf16
  int threads = 0;                 // compute threads; 0 lets the engine choose
};

struct SampleRequest {
  std::string model_path;
  std::vector<Condition> conditions;  // sprite i uses conditions[i % size]; empty: every class of the model in turn
  int count = 16;
  std::uint64_t seed = 0;  // sprite i has the seed `seed + i`
  SampleSettings settings;
  int preview_every = 1;         // steps between frames; 0 gives none
  bool record_previews = false;  // also send each frame, lossless, as PreviewRecorded
};

// Enough to make one sprite again, on the same machine to the byte.
struct SpriteRecipe {
  std::string model_name;
  std::string model_hash;  // SHA-256 of the model file, hex
  Condition condition;
  std::uint64_t seed = 0;  // this sprite's own: a request of count 1 with it gives the sprite
  SampleSettings settings;
  int steps_done = 0;  // less than settings.steps when stopped early
};

struct Sprite {
  Image image;
  SpriteRecipe recipe;
};

}  // namespace kiln
