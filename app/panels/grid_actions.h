#pragma once

#include <string>
#include <vector>

#include "app/panels/view.h"

namespace kiln {

// Why the selected sprites cannot be made anew, taken away, or gone on from; or "".
std::string why_not_regenerate(const Studio& studio);
std::string why_not_delete(const Studio& studio);
std::string why_not_branch(const Studio& studio);

// The selected sprites with new seeds, the settings as they are, their own classes; the others stay.
void regenerate_selected(Studio& studio);
void delete_selected(Studio& studio);

// To the clipboard: commands that make the selected sprites again, or the current one, each on a line of its own.
void copy_commands(const Studio& studio);
// The command for one sprite, or a line that says why there is none.
std::string command_of(const Studio& studio, int index);

// The timeline shows earlier steps of the selected sprites alone, where that is asked for. Call it once a frame, before the grid is
// drawn.
void follow_fade(Studio& studio);

// A new batch from the predictions at the step that is shown, of the selection, or of all; with the settings as they are.
void start_branch(Studio& studio);
// Begins it once its images are written. Call it once a frame.
void follow_branch(Studio& studio);

// Makes a first batch unasked, once engine and model are there. Call it once a frame.
void follow_greeting(Studio& studio);

// Escape selects nothing. Call it once a frame.
void take_grid_escape(Studio& studio);

}  // namespace kiln
