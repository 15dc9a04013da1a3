#pragma once

#include "app/panels/view.h"

namespace kiln {

// Sprites follow the settings while that is on: while something is held, by the model's distilled one or with as many steps as are
// done in a moment; once it is let go of, with all of them. Once a frame, after the panels.
void follow_live(Studio& studio);

// The sprites being made now are made with the settings as they are, with all steps.
void note_whole_run(Studio& studio);

// Whether the run under way is one of few steps that follows what is held.
bool following(const Studio& studio);

}  // namespace kiln
