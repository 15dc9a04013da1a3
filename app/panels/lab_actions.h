#pragma once

#include <string>

#include "app/panels/view.h"

namespace kiln {

// Asks for what is to be shown whenever that is something else. Call it once a frame while the tab is open.
void follow_lab(Studio& studio);

// The chosen sprite of the Generate tab is looked at, or an image file, which is read beside the window.
void look_at_chosen(Studio& studio);
void look_at_file(Studio& studio, const std::string& path);

// What the sprite is looked at under; empty: no class.
Condition lab_condition(const Studio& studio);

// Writes all of it as a picture beside where sheets go, under a name that is free.
void save_lab_picture(Studio& studio);
void measure_step(Studio& studio);

}  // namespace kiln
