#pragma once

#include <string>

#include "app/panels/view.h"

namespace kiln {

// With a capital at the start, as on a page; on the command line messages follow "error: ".
std::string sentence(std::string message);

float notice_height(const Ui& ui);

// The last notice, in the current window, with how many others there are. An error can be copied whole, for a report.
void draw_notice(Studio& studio, Area rect);

}  // namespace kiln
