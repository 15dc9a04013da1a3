#pragma once

#include "app/panels/view.h"

namespace kiln {

// A sheet as it is, with the cells over it that would be cut out.
void draw_sheet_view(Studio& studio, Area rect);

}  // namespace kiln
