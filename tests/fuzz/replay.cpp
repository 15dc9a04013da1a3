// Gives every file of the folders named on the command line to a fuzz target, so that what was found once stays fixed.

#include <cstdio>
#include <filesystem>

#include "target.h"

int main(int argc, char** argv) {
  int files = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      const kiln::Bytes bytes = kiln::read_file(entry.path());
      LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
      ++files;
    }
  }
  std::printf("%d files\n", files);
  return files > 0 ? 0 : 1;
}
