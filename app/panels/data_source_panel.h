#pragma once

#include "app/panels/view.h"

namespace kiln {

// The upper part of the Data tab's left column: what to open and how, and sets that the program can make.
void draw_data_source(Studio& studio);

// The window to find files with, while it is open.
void draw_data_browser(Studio& studio);

}  // namespace kiln
