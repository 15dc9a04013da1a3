#pragma once

#include <cstdint>
#include <filesystem>
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
  std::vector<int> frames;        // of each class's animation, 0 of one that is not animated; empty: none is
  std::vector<Image> thumbnails;  // one per class, or none
  std::string schedule;           // "cosine, T = 1000"
  int timesteps = 0;              // the most steps a run can have: T, or of a distilled model its few; 0: not known
  bool distilled = false;         // made for few steps, with guidance built in
  std::string live;               // the file beside it that was distilled from it; empty: there is none
  std::string prediction;         // "v"
  std::int64_t trained_steps = 0;
  std::string credits;
  std::string licence;
  ParamMap sampling;               // of model_sampling_specs(), those that the file has a value of
  Palette palette;                 // of the sprites it was trained on; empty if they had more than 256 colours
  std::vector<std::string> notes;  // what was found and what was assumed on import
  bool foreign = false;            // read from another project's checkpoint; importing it can say what was assumed otherwise
};

// Where the model that is distilled from the file `path` belongs: beside it, with “-live” after its name.
inline std::filesystem::path live_model_of(const std::filesystem::path& path) {
  return path.parent_path() / (path.stem().string() + "-live" + path.extension().string());
}

}  // namespace kiln
