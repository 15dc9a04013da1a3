#pragma once

#include "app/panels/view.h"

namespace kiln {

// The row of the Generate tab that says which colours sprites have: the model's palette, fitted ones, a file's, or any.
void draw_palette_row(Studio& studio, const ParamSpec& spec);

}  // namespace kiln
