#pragma once

#include "app/panels/view.h"

namespace kiln {

// How the losses of the run that is shown came down, beside those of the one it is compared with.
void draw_train_plots_panel(Studio& studio, Area rect);

}  // namespace kiln
