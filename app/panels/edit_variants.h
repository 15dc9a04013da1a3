#pragma once

#include "app/panels/view.h"

namespace kiln {

// The sprite in other hues, small; a click takes one.
void draw_edit_variants(Studio& studio, float width);

}  // namespace kiln
