#pragma once

#include "app/panels/view.h"

namespace kiln {

// Asks what becomes of the run that is under way when the window is to be closed. True when the window may close now.
bool draw_close_dialog(Studio& studio);

}  // namespace kiln
