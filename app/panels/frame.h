#pragma once

#include "app/widgets/ui.h"

namespace kiln {

// A fixed part of the window that scrolls if it must. It paints no ground of its own: the shell clears it, which costs a tenth.
void begin_panel(const char* id, Rect rect, bool padded = true);
void end_panel();

}  // namespace kiln
