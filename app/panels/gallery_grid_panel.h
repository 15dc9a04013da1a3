#pragma once

#include "app/panels/view.h"

namespace kiln {

// The kept sprites that match, with the fields that they are searched and ordered by above them.
void draw_gallery_grid(Studio& studio, Area rect);

}  // namespace kiln
