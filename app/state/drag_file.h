#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "engine/base/file.h"

namespace kiln {

// A file in the home folder's `drags` that holds a PNG, for another program to read: STEM.png, or STEM-2.png … where others lie.
// One that is there and has these bytes is taken. Not for the thread that draws: it writes a file. Throws as write_file.
std::filesystem::path keep_drag_file(const std::string& stem, const Bytes& png);

// Removes those of `home`'s folder `drags` that were written before `before`. Returns how many; what cannot be removed stays. Not
// for the thread that draws.
std::size_t clean_drag_files(const std::filesystem::path& home, std::filesystem::file_time_type before);

}  // namespace kiln
