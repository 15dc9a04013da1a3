#pragma once

#include <filesystem>

#include "app/panels/view.h"

namespace kiln {

// The row of the Generate tab that says which colours sprites have: the model's palette, fitted ones, a file's, or any.
void draw_palette_row(Studio& studio, const ParamSpec& spec);

// Whether the name is one of a palette file.
bool is_palette_file(const std::filesystem::path& path);

}  // namespace kiln
