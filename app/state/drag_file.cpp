#include "app/state/drag_file.h"

#include <algorithm>
#include <system_error>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/paths.h"

namespace kiln {
namespace {

bool holds(const std::filesystem::path& path, const Bytes& bytes) {
  std::error_code none;
  if (std::filesystem::file_size(path, none) != bytes.size() || none) return false;
  try {
    return read_file(path) == bytes;
  } catch (const Failure&) {
    return false;
  }
}

}  // namespace

std::filesystem::path keep_drag_file(const std::string& stem, const Bytes& png) {
  for (int number = 1;; ++number) {
    std::filesystem::path path = home_folder() / "drags" / (stem + (number == 1 ? "" : "-" + std::to_string(number)) + ".png");
    if (holds(path, png)) return path;
    std::error_code none;
    if (std::filesystem::symlink_status(path, none).type() != std::filesystem::file_type::not_found) continue;
    write_file(path, png);
    return path;
  }
}

std::size_t clean_drag_files(const std::filesystem::path& home, std::filesystem::file_time_type before) {
  namespace fs = std::filesystem;
  std::vector<fs::path> old;
  std::error_code error;
  for (fs::directory_iterator entries(home / "drags", error); !error && entries != fs::directory_iterator();
       entries.increment(error)) {
    std::error_code none;
    const bool picture = entries->path().extension() == ".png" && fs::is_regular_file(entries->symlink_status(none));
    if (picture && entries->last_write_time(none) < before && !none) old.push_back(entries->path());
  }
  return static_cast<std::size_t>(std::count_if(old.begin(), old.end(), [](const fs::path& file) {
    std::error_code none;
    return fs::remove(file, none);
  }));
}

}  // namespace kiln
