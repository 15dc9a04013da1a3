#pragma once

#include "app/panels/view.h"

namespace kiln {

// The newest notice, in the current window; dismissing it shows the one before.
void draw_notice(Studio& studio, Rect rect);

}  // namespace kiln
