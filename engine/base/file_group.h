#pragma once

#include <filesystem>
#include <vector>

#include "engine/base/file.h"

namespace kiln {

struct NewFile {
  std::filesystem::path path;
  Bytes bytes;
};

// Writes all of the files or none: each is a temporary file beside its place, synced, before the first takes its name; what was
// there before comes back if one of them cannot. Throws Failure: kUnwritable (a file is there already and `replace` is false; and
// as write_file does), kDiskFull.
void write_files(const std::vector<NewFile>& files, bool replace);

// Throws Failure(kUnwritable), naming it, if a file is there.
void check_absent(const std::filesystem::path& path);

}  // namespace kiln
