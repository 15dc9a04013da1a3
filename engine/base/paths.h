#pragma once

#include <filesystem>
#include <string>

namespace kiln {

// Settings, gallery, runs, log: SPRITEKILN_HOME, else $XDG_DATA_HOME/spritekiln, else ~/.local/share/spritekiln.
// Asked for once; later calls give the same.
std::filesystem::path home_folder();

// The folder with `models` and `resources`: SPRITEKILN_SHARE, else the nearest `share/spritekiln` above the program (built: links).
// Asked for once, too.
std::filesystem::path share_folder();

// As home_folder and share_folder, from the environment as it is now.
std::filesystem::path find_home_folder();
std::filesystem::path find_share_folder();

// $HOME, where the artist's own files are; "." without one.
std::filesystem::path user_home();
// `text` with "~" or "~/" at its start as user_home().
std::string with_home(std::string text);

}  // namespace kiln
