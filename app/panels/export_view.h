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
};

}  // namespace kiln
