#pragma once

#include <filesystem>

namespace kiln {

// A folder among the temporary files, which goes with this object and all that is in it.
class WorkFolder {
 public:
  // Throws Failure(kUnwritable).
  WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  ~WorkFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace kiln
