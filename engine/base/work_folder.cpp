#include "engine/base/work_folder.h"

#include <cstdlib>
#include <string>
#include <system_error>

#include "engine/base/error.h"

namespace kiln {

namespace fs = std::filesystem;

WorkFolder::WorkFolder() {
  std::error_code error;
  std::string pattern = (fs::temp_directory_path(error) / "spritekiln-XXXXXX").string();
  if (error || ::mkdtemp(pattern.data()) == nullptr)
    throw Failure(ErrorCode::kUnwritable, "there is no folder for files that are needed for a while",
                  "make room in the folder for temporary files");
  path_ = pattern;
}

WorkFolder::~WorkFolder() {
  std::error_code error;
  fs::remove_all(path_, error);
}

}  // namespace kiln
