#pragma once

#include <map>
#include <string>

#include "engine/animation/animation.h"
#include "engine/animation/redraw.h"
#include "engine/pixelart/motion.h"

namespace kiln {

inline constexpr int kMostScale = 16;  // of what is written, and its padding

// How the Generate tab animates a sprite.
struct AnimateSettings {
  std::string motion = motions().front().id;  // or kSeedPath
  std::map<std::string, ParamMap> values;     // of each motion that was chosen once, whole
  ParamMap playing = defaults_of(animation_specs());
  ParamMap redraw = defaults_of(redraw_specs());
  bool redrawn = false;  // frames that a rule moves, by the model
  bool onion = false;    // skin
  AnimationFile file;    // without a path until an animation was opened
  friend bool operator==(const AnimateSettings&, const AnimateSettings&) = default;
};

// As a file may say it, brought into what there is.
void bring_into_range(AnimateSettings& settings);

}  // namespace kiln
