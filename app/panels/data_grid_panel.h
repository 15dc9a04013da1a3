#pragma once

#include "app/panels/view.h"

namespace kiln {

// The middle of the Data tab: the sprites by class, as they are or as they will be trained; or a sheet with its cells; below them
// what is being done.
void draw_data_grid(Studio& studio, Area rect);

}  // namespace kiln
