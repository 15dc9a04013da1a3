#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/state/looked_up.h"
#include "app/state/settings.h"

namespace kiln {

// What is open of exporting; forgotten when the window closes.
struct ExportView {
  enum class Page { kClosed, kOptions, kReplace };
  Page page = Page::kClosed;
  Page before = Page::kClosed;     // the question whether to replace
  bool alone = false;              // the question is about the chosen sprite alone
  std::vector<std::string> there;  // files that would be replaced

  LookedUp<bool> file_there;            // the file at the path that is typed
  LookedUp<std::string> why_not_path;   // what is typed is no file to write
  std::optional<ExportSettings> asked;  // of the newest preview
  std::uint64_t asked_batch = 0;
  std::vector<int> asked_places;
  std::vector<int> asked_cells;

  // Of the sheet, as the artist arranged it: which of the sprites that are written lies there, below 0: none. Empty: as they come.
  std::vector<int> cells;
  int dragged = -1;  // the cell that the pointer took hold of

  std::string profile;       // that was chosen, or saved, last
  std::string profile_name;  // as typed
};

}  // namespace kiln
