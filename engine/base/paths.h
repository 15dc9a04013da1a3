#pragma once

#include <filesystem>

namespace kiln {

// Settings, gallery, runs, log: SPRITEKILN_HOME, else $XDG_DATA_HOME/spritekiln, else ~/.local/share/spritekiln.
std::filesystem::path home_folder();

// The folder with `models` and `resources`: SPRITEKILN_SHARE, else beside the program (installed tree), else the source tree.
std::filesystem::path share_folder();

}  // namespace kiln
