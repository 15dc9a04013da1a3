#pragma once

#include "app/panels/view.h"

namespace kiln {

// A star in the corner of each cell whose sprite is kept, and of the one under the pointer: a click keeps the sprite in the gallery
// or takes it out. `cells`: where the sprites are, by their index. Call it after the sprites are drawn; the cells' own items must
// allow overlap.
void draw_keep_stars(Studio& studio, const std::vector<Area>& cells);

// Keeps all selected sprites of the batch, or where fewer than two are selected, the chosen one; where all of them are kept, they
// go into the bin.
void toggle_selected_kept(Studio& studio);

// A star of five points, filled or as a line.
void draw_star(ImDrawList& list, ImVec2 centre, float radius, bool filled, ImU32 ink);

}  // namespace kiln
