#pragma once

#include "app/panels/view.h"

namespace kiln {

// The top line: tabs, what runs, the open model, the machine.
void draw_header(Studio& studio, Area rect);

// "3 s", "4 min 10 s", "1 h 5 min"; "" below 0.
std::string duration(double seconds);
// The same in one or two rounded units: "12 s", "4 min", "1 h 5 min", "3 days".
std::string rough_duration(double seconds);

}  // namespace kiln
