#pragma once

#include "app/panels/view.h"

namespace kiln {

// What to make: a tile per class, or, unfolded, a weight per class. Fills `height`.
void draw_class_picker(Studio& studio, float height);

}  // namespace kiln
