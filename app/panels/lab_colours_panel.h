#pragma once

#include "app/panels/view.h"

namespace kiln {

// How likely a palette model holds each of its colours: a bar for each, of the pixel under the pointer or of all, and a picture of
// where the chosen one is. Nothing for other models.
void draw_lab_colours(Studio& studio, float width);

}  // namespace kiln
