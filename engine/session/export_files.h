#pragma once

#include <vector>

#include "engine/api/command.h"
#include "engine/base/file_group.h"

namespace kiln {

// What an export writes.
struct ExportFiles {
  std::vector<NewFile> files;
  Image picture;                       // the sheet, or the first of several files; empty if there is none
  int columns = 1;                     // of the sheet
  std::vector<ExportCell> cells = {};  // of the sheet
};

// Throws Failure(kInvalidArgument) for options that cannot be, or do not go with the format. A data file that is to be replaced is
// read, for what has to stay as it is.
ExportFiles make_export_files(const ExportSprites& command);

}  // namespace kiln
