#pragma once

#include "app/panels/view.h"

namespace kiln {

// The right column of the Data tab: what the set holds, what may be fixed, and the fixes to choose.
void draw_data_report(Studio& studio, Area rect);

// Names a finding, for what the grid shows.
std::string finding_key(const Finding& finding);

}  // namespace kiln
