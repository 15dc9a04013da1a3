#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/panels/view.h"

namespace kiln {

// Why nothing can be exported, or "".
std::string why_not_export(Studio& studio);

// The places of the sprites that are written together; none: all. One that was clicked is looked at, and has a button of its own.
std::vector<int> exported_places(const Studio& studio);

// The file, or pattern of files, that is typed.
std::filesystem::path export_target(const Studio& studio);

// Writes the batch, or the chosen sprite alone; first asks whether files that are there are to be replaced.
void start_export(Studio& studio, bool alone);

// The same without asking.
void replace_export(Studio& studio);

// Puts what lies in two cells of the sheet that is shown in each other's place.
void swap_cells(Studio& studio, int first, int second);
// One more, behind the others.
void add_empty_cell(Studio& studio);

// Asks the engine what an export would write, whenever that is something else. Call it once a frame.
void follow_export_preview(Studio& studio);

// "64×64 pixels, 3.1 KB", "and sheet.json, 2 KB": what an export would write; empty while that is not known.
std::string export_summary(const Studio& studio);

}  // namespace kiln
