#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/panels/view.h"

namespace kiln {

// Opens what is typed: sprites at once; of a single sheet or a folder of sheets, first the sheet, to set the grid.
void open_typed_path(Studio& studio);

// The same for a path that was chosen.
void open_sprites(Studio& studio, const std::filesystem::path& path);

// What was dropped on the window: sprites open in the Data tab, a model in the Generate tab; dropped there or on the gallery, a PNG
// with a recipe brings its settings back.
void open_dropped(Studio& studio, const std::vector<std::string>& paths);

// Opens the set with the sheet's grid as it is now.
void cut_sheet(Studio& studio);

void draw_starter_set(Studio& studio);
void fetch_dungeon_set(Studio& studio);

// Why a set cannot be opened or made now, or "".
std::string why_not_work(const Mirror& mirror);

}  // namespace kiln
