#pragma once

#include "app/panels/view.h"

namespace kiln {

// The tools, what they do it with, and undo.
void draw_edit_tools_panel(Studio& studio, Area rect);

}  // namespace kiln
