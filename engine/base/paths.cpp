#include "engine/base/paths.h"

#include <cstdlib>
#include <string>
#include <system_error>

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr const char* kInstalledShare = "share/spritekiln";

// An environment variable; empty counts as not set.
fs::path folder_from(const char* variable) {
  const char* value = std::getenv(variable);
  return value ? fs::path(value) : fs::path();
}

}  // namespace

std::filesystem::path home_folder() {
  static const std::filesystem::path folder = find_home_folder();
  return folder;
}

std::filesystem::path share_folder() {
  static const std::filesystem::path folder = find_share_folder();
  return folder;
}

std::filesystem::path user_home() {
  auto folder = folder_from("HOME");
  return folder.empty() ? "." : folder;
}

std::string with_home(std::string text) {
  if (text == "~" || text.starts_with("~/")) text.replace(0, 1, user_home().string());
  return text;
}

std::filesystem::path find_home_folder() {
  if (auto folder = folder_from("SPRITEKILN_HOME"); !folder.empty()) return folder;
  if (auto folder = folder_from("XDG_DATA_HOME"); folder.is_absolute()) return folder / "spritekiln";
  if (auto folder = folder_from("HOME"); !folder.empty()) return folder / ".local/share/spritekiln";
  std::error_code ignored;
  return fs::temp_directory_path(ignored) / "spritekiln";
}

std::filesystem::path find_share_folder() {
  if (auto folder = folder_from("SPRITEKILN_SHARE"); !folder.empty()) return folder;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  for (fs::path folder = program.parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
    const fs::path models = fs::canonical(folder / kInstalledShare / "models", error);
    if (!error) return models.parent_path();
  }
  return program.parent_path().parent_path() / kInstalledShare;
}

}  // namespace kiln
