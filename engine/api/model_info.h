#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/palette.h"
#include "engine/base/param_spec.h"

namespace kiln {

// What a model file holds, for showing.
struct ModelInfo {
  std::string path;
  std::string name;     // the file's stem
  std::string hash;     // SHA-256 of the file, hex
  std::string network;  // "kiln_unet"
  std::int64_t parameters = 0;
  int width = 0;  // of a sprite
  int height = 0;
  int channels = 4;  // 4: RGBA, 3: RGB
  std::vector<std::string> classes;
  std::vector<Image> thumbnails;  // one per class, or none
  std::string schedule;           // "cosine, T = 1000"
  int timesteps = 0;              // T: the most steps a run can have; 0: not known
  std::string prediction;         // "v"
  std::int64_t trained_steps = 0;
  std::string credits;
  std::string licence;
  ParamMap sampling;               // of model_sampling_specs(), those that the file has a value of
  Palette palette;                 // of the sprites it was trained on; empty if they had more than 256 colours
  std::vector<std::string> notes;  // what was found and what was assumed on import
  bool foreign = false;            // read from another project's checkpoint; importing it can say what was assumed otherwise
};

}  // namespace kiln
