#pragma once

#include <filesystem>
#include <variant>

#include "app/panels/view.h"

namespace kiln {

// The row of the Generate tab that says which colours sprites have: the model's palette, fitted ones, a file's, or any.
void draw_palette_row(Studio& studio, const ParamSpec& spec);

// Whether the name is one of a palette file.
bool is_palette_file(const std::filesystem::path& path);

// The palette in a file, which has a colour at least, or why there is none.
std::variant<Palette, Error> palette_in(const std::filesystem::path& file);

}  // namespace kiln
