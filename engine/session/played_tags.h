#pragma once

#include <string>
#include <vector>

#include "engine/api/sampling.h"

namespace kiln {

// What a sprite of a sheet is played with.
struct PlayedTag {
  std::string name;       // empty: of no class
  bool animated = false;  // it is a frame of an animation
};

// Of each sprite, in the sheet's order: its class; of a class with animations, each of them, as “walker”, “walker 2”, …, and each
// sprite that is of none. `classes`: of each sprite, empty for none.
std::vector<PlayedTag> played_tags(const std::vector<SampledSprite>& sprites, const std::vector<std::string>& classes);

}  // namespace kiln
