#pragma once

#include "app/panels/view.h"

namespace kiln {

// “How good is it?”: the model of the run that is shown, beside the sprites that it was trained on. Once a frame of the Train tab.
void draw_evaluation_dialog(Studio& studio);

}  // namespace kiln
