#pragma once

#include <cstddef>
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

inline constexpr int kMostSprites = 64;  // that the window shows at once

// What the parameter “palette” may be besides a choice of colours (engine/formats/palette_choice.h).
inline constexpr const char* kModelPalette = "model";  // the model's own, if it has one
inline constexpr const char* kAnyColours = "off";

inline constexpr const char* kDefaultSampler = "ddim";

// Of distilled models (ModelInfo): the guidance that they have built in, and the steps that they draw in where nothing is said.
inline constexpr double kLeastBuiltInGuidance = 1, kMostBuiltInGuidance = 4;
inline constexpr std::int64_t kFewSteps = 2;

inline constexpr std::int64_t kMostResample = 10;  // of init_image_specs()

// The parameters of a request that all samplers share: how many sprites, from which seed (sprite i has `seed` + i), steps,
// guidance, frames between, device. All that the window, the command line and the engine know of them is in this list.
const std::vector<ParamSpec>& sampling_specs();

// What a model's file may say about how its sprites come out best: the sampler, guidance, steps and the like.
const std::vector<ParamSpec>& model_sampling_specs();

// sampling_specs() for such a model: its values are the fallbacks.
std::vector<ParamSpec> sampling_specs_of(const ParamMap& model_sampling);

// The parameters of a request that has an init image: strength, and how often a masked step is done again. The command line has an
// option for each.
const std::vector<ParamSpec>& init_image_specs();

// An image file that a request reads.
struct ImageFile {
  std::string path;    // empty: none
  std::string sha256;  // of the file, hex; another content is refused. Empty in a request: any, and a recipe says what it was

  friend bool operator==(const ImageFile&, const ImageFile&) = default;
};

struct SampleSettings {
  std::string sampler = kDefaultSampler;  // Catalog::samplers; empty: as the model's file says
  ParamMap sampler_params;                // that sampler's own (eta, variance …); what is missing has its default
  ParamMap shared_params;                 // sampling_specs(); what is missing is as the model's file says, or has its default
  Condition negative;                     // what guidance leads away from; empty: the null condition
  // Where sampling starts in place of noise alone (SDEdit), of any size: of the model's sprites, an integer enlargement of that,
  // smaller, then it is padded, or larger, then it is reduced (fit_to_sprite).
  ImageFile init_image;
  // Which part of the init image is made anew, of the size of the model's sprites or of that image: where it is not transparent,
  // or, if it is opaque everywhere, not black. All else keeps its bytes. Empty: all is made anew.
  ImageFile mask;
  ParamMap init_params;  // init_image_specs(); what is missing has its default. Only with an init image

  friend bool operator==(const SampleSettings&, const SampleSettings&) = default;
};

// The settings with all that is missing, as such a model says or by default; the sampler's own parameters stay as they are. Throws
// as `validated`.
SampleSettings with_defaults(SampleSettings settings, const ParamMap& model_sampling);

struct SampleRequest {
  std::string model_path;
  std::vector<Condition> conditions;  // sprite i uses conditions[i % size]; empty: every class of the model in turn
  SampleSettings settings;
  bool record_previews = false;  // also send each frame, lossless, as PreviewRecorded
  // Which frame of its class's animation sprite i is, frames[i % size], from 1; 0: none. Empty: as the parameter “frame” says.
  std::vector<int> frames = {};
  std::int64_t first = 0;  // how many sprites of the same set come before these
};

// One of the sprites that a request asks for.
struct SampledSprite {
  Condition condition;
  int frame = 0;           // of its class's animation, from 1; 0: none
  std::uint64_t seed = 0;  // after the request's
};

// How many frames the animation of such a sprite has: of the classes that it is made of, the most; 0: it is not animated. classes,
// frames: of the model, as in ModelInfo.
int frame_count(const Condition& condition, const std::vector<std::string>& classes, const std::vector<int>& frames);

// All sprites of a request, in their order. An animation takes as many places as it has frames, from one seed, unless the request
// says which frame it wants: that may be one that its animation does not have.
std::vector<SampledSprite> sampled_sprites(const SampleRequest& request, const std::vector<std::string>& classes,
                                           const std::vector<int>& frames);

// Of each sprite, the place of the first frame of its animation; its own if it is of none. Frames of an animation follow each
// other, of one condition and one seed, and are numbered on.
std::vector<std::size_t> animation_starts(const std::vector<SampledSprite>& sprites);

// Enough to make one sprite again, on the same machine to the byte: a request with these settings is for that sprite alone.
struct SpriteRecipe {
  std::string model_name;
  std::string model_hash;  // SHA-256 of the model file, hex
  Condition condition;
  SampleSettings settings;  // whole; one sprite, from its own seed
  bool edited = false;      // by hand since: then a request gives the sprite as it was before that
  int steps_done = 0;       // those of the settings, but for fewer when stopped early, or from an init image, more with `resample`
  int steps_total = 0;      // that the run would have had which was stopped early; 0: it was not, or an earlier version made it
};

struct Sprite {
  Image image;
  SpriteRecipe recipe;
};

}  // namespace kiln
