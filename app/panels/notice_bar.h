#pragma once

#include "app/panels/view.h"

namespace kiln {

float notice_height(const Ui& ui);

// The newest notice, in the current window; dismissing it shows the one before.
void draw_notice(Studio& studio, Rect rect);

}  // namespace kiln
