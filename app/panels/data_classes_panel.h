#pragma once

#include "app/panels/view.h"

namespace kiln {

// The classes of the open set with how many sprites each has; a click shows one alone, its menu renames, merges, leaves out.
void draw_data_classes(Studio& studio, float height);

// The left column's foot: save, train.
void draw_data_foot(Studio& studio, Area rect);

}  // namespace kiln
