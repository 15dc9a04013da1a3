#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/state/redraw_mirror.h"
#include "engine/animation/morph.h"
#include "engine/api/sampling.h"
#include "engine/base/error.h"
#include "engine/base/image.h"

namespace kiln {

// A sprite that a morph begins or ends at.
struct MorphEnd {
  Image image;
  std::string name;                        // for showing
  std::vector<SpriteRecipe> recipes = {};  // of all sprites that the picture holds; none: no model drew it
  std::string model_path = {};             // of the model that drew it; "": not known
};

// "potion, seed 7".
std::string sprite_name(const SpriteRecipe& recipe);

// Why no model can draw the way from the one to the other, or none. The functions below are for two of which one can.
std::optional<Error> why_not_morph(const MorphEnd& from, const MorphEnd& to);

// Whether they were made with the same settings but for seed and class. A morph has those of the first; if not, its last frame may
// look other than the sprite that it ends at.
bool made_alike(const MorphEnd& from, const MorphEnd& to);

// What a model is asked for, without its path.
Morph morph_between(const MorphEnd& from, const MorphEnd& to);

// `drawn`: a morph's frames as the model drew them; those that it has not drawn yet are empty.

// A request for each that is not drawn yet.
std::vector<FrameRequest> morph_requests(const Morph& morph, const std::vector<Image>& drawn);

// All of one size: until they are drawn, the first sprite in place of each but the last.
std::vector<Image> shown_morph(const std::vector<Image>& drawn, const MorphEnd& from, const MorphEnd& to);

}  // namespace kiln
