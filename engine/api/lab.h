#pragma once

#include <string>
#include <vector>

#include "engine/api/sampling.h"
#include "engine/base/image.h"
#include "engine/base/palette_head.h"

namespace kiln {

// The noise level as a share of the schedule's length T: t / T, 0 the least noise, 1 the most.
inline constexpr double kLabLevel = 0.4;

// One sprite under a model at one noise level, to be looked at. Computed on the CPU in fp32.
struct LabRequest {
  std::string model_path;
  Image sprite;             // made to fit as an init image is
  std::string sprite_name;  // what an error calls it
  double level = kLabLevel;
  Condition condition;       // empty: the null condition
  SampleSettings settings;   // of shared_params: seed, guidance, rescale; and all of them for the run from there on
  bool times = false;        // how long the parts of a step take, too
  std::string picture = {};  // a PNG to write with all of it; empty: none
  bool replace = false;      // if that file is there

  friend bool operator==(const LabRequest&, const LabRequest&) = default;
};

// A picture in the numbers of the network: [C, H, W], -1 black or transparent, 1 white or opaque.
struct ValueMap {
  int channels = 0, height = 0, width = 0;
  std::vector<float> values;

  float at(int channel, int y, int x) const {
    const auto row = static_cast<std::size_t>(channel) * static_cast<std::size_t>(height) + static_cast<std::size_t>(y);
    return values[row * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
  }
};

struct LabPicture {
  std::string id;     // "noisy"
  std::string label;  // "Noisy sprite"
  std::string help;   // what it is, as a formula or a sentence
  ValueMap values;
  Image shown;  // noise and differences around a middle grey
};

// What the pixels of one layer look at: [N, N], N = width · height; row p is what pixel p takes from each other one, the mean over
// the heads; a row sums to 1. Of the conditional half.
struct AttentionMap {
  std::string label;  // "8×8, 1"
  int width = 0, height = 0;
  std::vector<float> weights;
};

// Where a class lies among the others: the two principal components of the network's class embeddings, in [-1, 1].
struct PlacedClass {
  std::string name;
  double x = 0, y = 0;
};

// How likely a network with a palette head holds each of its colours at each pixel of the predicted sprite. A pixel's sum to 1;
// guidance may make some less than 0 or more than 1.
struct ColourProbabilities {
  PaletteEntries entries;  // [O]; empty for networks without a palette head
  ValueMap values;         // [O, H, W]

  // Of one entry, over all pixels.
  double mean(std::size_t entry) const;
  // At most `most` entries, those with the greatest means, in the palette's order.
  std::vector<std::size_t> likeliest(std::size_t most) const;
};

struct LabResult {
  int timestep = 0, timesteps = 0;  // t, T
  double alpha_bar = 1;             // ᾱ_t; x_t = √ᾱ · x0 + √(1-ᾱ) · ε
  std::vector<LabPicture> pictures;
  ColourProbabilities colours;
  std::vector<AttentionMap> attention;  // in the order of the layers; empty for a network without
  std::vector<double> alphas_bar;       // [T]
  std::vector<int> visited;             // timesteps of a whole run with these settings, the noisiest first
  std::vector<PlacedClass> classes;     // none of a network without class embeddings
  double explained = 0;                 // share of the embeddings' variance that the map shows
};

// A step of the run from the noisy sprite on.
struct LabStep {
  int timestep = 0;
  double alpha_bar = 1;
  Image x;   // before the step
  Image x0;  // what the step predicted
};

// What a part of a step takes: of 16 guided sprites on one core.
struct PartTime {
  std::string name;  // "3×3 convolutions"
  double ms = 0;
};

inline constexpr int kTimedSprites = 16;

}  // namespace kiln
