#pragma once

#include "app/panels/view.h"

namespace kiln {

// Sheet and single PNG.
void draw_export_panel(Studio& studio, float width);

}  // namespace kiln
