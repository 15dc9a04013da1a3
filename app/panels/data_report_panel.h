#pragma once

#include "app/panels/view.h"

namespace kiln {

// The right column of the Data tab: what the set holds, what was found in it, and the check boxes that fix it.
void draw_data_report(Studio& studio, Area rect);

}  // namespace kiln
