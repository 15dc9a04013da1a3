#pragma once

#include <filesystem>

namespace kiln {

// Settings, gallery, runs, log: SPRITEKILN_HOME, else $XDG_DATA_HOME/spritekiln, else ~/.local/share/spritekiln.
std::filesystem::path home_folder();

// The folder with `models` and `resources`: SPRITEKILN_SHARE, else the nearest `share/spritekiln` above the program (built: links).
std::filesystem::path share_folder();

}  // namespace kiln
