#pragma once

#include <string_view>

#include "app/panels/view.h"

namespace kiln {

// What sprites start from, if anything: its picture, how to be rid of it, and how near to it they stay.
void draw_start_image_row(Studio& studio);

// How much noise is put on an image; `params` holds “strength”.
void strength_row(Ui& ui, std::string_view name, ParamMap& params);

// The class that guidance leads away from.
void draw_negative_row(Studio& studio);

}  // namespace kiln
