#pragma once

#include "app/panels/view.h"

namespace kiln {

// Every parameter of the recipe, in groups, in the current window.
void draw_recipe_groups(Studio& studio);

}  // namespace kiln
