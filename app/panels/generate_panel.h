#pragma once

#include "app/panels/view.h"

namespace kiln {

// The left column of the Generate tab: model, classes, how, and at its foot the Generate button.
void draw_generate_panel(Studio& studio, Rect rect);

}  // namespace kiln
