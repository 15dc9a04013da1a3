#pragma once

#include "app/panels/view.h"

namespace kiln {

// The list of keys, where each can be given another one, and of what the pointer does beyond a click; while it is open.
void draw_shortcuts_dialog(Studio& studio);

}  // namespace kiln
