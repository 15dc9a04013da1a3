#pragma once

#include <span>

#include "engine/api/dataset.h"

namespace kiln {

// Numbers sprites that lie one after the other as frames of one animation, from 0, if they look like one: 2 to kMostFrames, each
// mostly where the one before it is. Sprites of one file or tag that are different things have no frames.
void number_frames(std::span<DatasetSprite> sprites);

// The same of what is known to be an animation, whatever it looks like.
void number_animation(std::span<DatasetSprite> sprites);

}  // namespace kiln
