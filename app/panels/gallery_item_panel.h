#pragma once

#include "app/panels/view.h"

namespace kiln {

// The chosen sprite, large, with its recipe and what can be done with it; below it, where the gallery is.
void draw_gallery_item(Studio& studio, Area rect);

}  // namespace kiln
