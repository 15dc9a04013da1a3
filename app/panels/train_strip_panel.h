#pragma once

#include "app/panels/view.h"

namespace kiln {

// What the run draws, class by class, now and back through time; below each sample the training sprite that is most like it.
void draw_train_strip_panel(Studio& studio, Area rect);

}  // namespace kiln
