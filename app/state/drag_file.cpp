#include "app/state/drag_file.h"

#include <system_error>

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
    const std::filesystem::path path =
        home_folder() / "drags" / (stem + (number == 1 ? "" : "-" + std::to_string(number)) + ".png");
    if (holds(path, png)) return path;
    std::error_code none;
    if (std::filesystem::symlink_status(path, none).type() != std::filesystem::file_type::not_found) continue;
    write_file(path, png);
    return path;
  }
}

}  // namespace kiln
