#pragma once

#include "app/panels/view.h"

namespace kiln {

// The sprite in other hues, small; a click takes one.
void draw_edit_variants(Studio& studio, float width);

// Puts all of them behind the sprites of the batch as one step, leaves the editor, and selects them.
void add_variants(Studio& studio);

}  // namespace kiln
