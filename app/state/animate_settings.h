#pragma once

#include <map>
#include <string>

#include "engine/animation/animation.h"
#include "engine/animation/morph.h"
#include "engine/animation/redraw.h"
#include "engine/pixelart/motion.h"

namespace kiln {

// How the Generate tab animates a sprite.
struct AnimateSettings {
  std::string motion = motions().front().id;  // or kSeedPath
  std::map<std::string, ParamMap> values;     // of each motion that was chosen once, whole
  ParamMap playing = defaults_of(animation_specs());
  ParamMap morph = defaults_of(morph_specs());
  ParamMap redraw = defaults_of(redraw_specs());
  bool redrawn = false;                                   // frames that a rule moves, by the model
  bool onion = false;                                     // skin
  std::string path;                                       // of the file to write; empty until an animation was opened
  ParamMap sheet = defaults_of(animation_sheet_specs());  // how it is laid out, whole
  friend bool operator==(const AnimateSettings&, const AnimateSettings&) = default;
};

// As a file may say it, brought into what there is.
void bring_into_range(AnimateSettings& settings);

}  // namespace kiln
