#pragma once

#include "app/panels/view.h"

namespace kiln {

// What the set holds, what was found in it, and the check boxes that fix it.
void draw_data_report(Studio& studio, Rect rect);

}  // namespace kiln
