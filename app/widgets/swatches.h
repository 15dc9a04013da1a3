#pragma once

#include "app/widgets/ui.h"
#include "engine/base/palette.h"

namespace kiln {

// Small squares of a palette's first colours, in as many rows as the width takes.
void draw_swatches(Ui& ui, const Palette& palette);

}  // namespace kiln
