#pragma once

#include "app/panels/view.h"

namespace kiln {

// The run that is shown: how far it is, and what can be done with it.
void draw_train_bar_panel(Studio& studio, Area rect);

}  // namespace kiln
