#pragma once

#include "app/panels/view.h"

namespace kiln {

// At the first start, over the canvas: where the hand goes next. Gone after any click, or a key that does something.
void draw_hints(Studio& studio, Area canvas);

}  // namespace kiln
