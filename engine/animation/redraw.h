#pragma once

#include <string>
#include <vector>

#include "engine/api/sampling.h"
#include "engine/base/image.h"

namespace kiln {

// Frames that a model draws: image to image within the outline of a frame that is there.

// A motion beside those by rule (pixelart/motion.h): the sprite stands, and each frame's noise lies further along a path of seeds.
inline constexpr const char* kSeedPath = "seeds";
inline constexpr const char* kSeedPathLabel = "Small changes";
inline constexpr const char* kSeedPathHelp =
    "Each frame is made from the sprite, with noise that goes by small steps along a path of seeds";

// Strength, seed, steps, guidance, and what computes.
const std::vector<ParamSpec>& redraw_specs();

struct Redraw {
  std::string model_path;
  Condition condition;       // empty: the null condition
  ParamMap values;           // redraw_specs(); what is missing has its default
  bool along_seeds = false;  // else all frames have the same noise
  bool ping_pong = false;
};

// What is asked for frame `index` of `count`. `image` and `mask` (silhouette_mask()) are files of the frame as it is before;
// `sprite` is whose colours it may have. The path of seeds goes round a triangle of three, or, to be played back and forth, from
// the first to the second. Throws as `validated`.
SampleRequest redraw_request(const Redraw& redraw, int index, int count, const ImageFile& image, const ImageFile& mask,
                             const Image& sprite);

// Of each frame, the first that is the same: what is drawn once need not be drawn again.
std::vector<std::size_t> first_alike(const std::vector<Image>& frames);

}  // namespace kiln
