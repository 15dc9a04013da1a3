#pragma once

#include "app/panels/view.h"

namespace kiln {

// All options of an export, beside the sheet as it will be.
void open_export_dialog(Studio& studio);

// That, or the question whether files are to be replaced. Call it once a frame.
void draw_export_dialog(Studio& studio);

}  // namespace kiln
