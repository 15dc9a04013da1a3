#pragma once

#include "app/panels/view.h"

namespace kiln {

// Writing it: as a GIF, an animated PNG, or a sheet.
void draw_animate_export_panel(Studio& studio, Area rect);

}  // namespace kiln
