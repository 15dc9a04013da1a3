#pragma once

#include "app/panels/view.h"

namespace kiln {

// The sprite, the class, the noise level and what else decides; the numbers of the pixel under the pointer.
void draw_lab_settings(Studio& studio, Area rect);

}  // namespace kiln
