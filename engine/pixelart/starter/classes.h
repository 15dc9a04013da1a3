#pragma once

#include "engine/pixelart/starter/canvas.h"
#include "engine/pixelart/starter/random.h"

namespace kiln::starter {

// Each draws one sprite of its class; all that varies comes from `random`.
void draw_chest(Canvas& canvas, Random& random);
void draw_coin(Canvas& canvas, Random& random);
void draw_gem(Canvas& canvas, Random& random);
void draw_ghost(Canvas& canvas, Random& random);
void draw_key(Canvas& canvas, Random& random);
void draw_mushroom(Canvas& canvas, Random& random);
void draw_potion(Canvas& canvas, Random& random);
void draw_shield(Canvas& canvas, Random& random);
void draw_skull(Canvas& canvas, Random& random);
void draw_slime(Canvas& canvas, Random& random);
void draw_sword(Canvas& canvas, Random& random);
void draw_tree(Canvas& canvas, Random& random);

// The same, one frame of an animation.
inline constexpr int kBounceFrames = 4, kFlickerFrames = 4, kWalkFrames = 6;
void draw_bouncing_slime(Canvas& canvas, Random& random, int frame);
void draw_flame(Canvas& canvas, Random& random, int frame);
void draw_walker(Canvas& canvas, Random& random, int frame);

}  // namespace kiln::starter
