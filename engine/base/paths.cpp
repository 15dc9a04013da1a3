#include "engine/base/paths.h"

#include <cstdlib>
#include <string>
#include <system_error>

namespace kiln {
namespace {

// An environment variable; empty counts as not set.
std::filesystem::path folder_from(const char* variable) {
  const char* value = std::getenv(variable);
  return value ? std::filesystem::path(value) : std::filesystem::path();
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
  return text == "~" || text.starts_with("~/") ? user_home().string() + text.substr(1) : text;
}

std::filesystem::path find_home_folder() {
  if (auto folder = folder_from("SPRITEKILN_HOME"); !folder.empty()) return folder;
  if (auto folder = folder_from("XDG_DATA_HOME"); folder.is_absolute()) return folder / "spritekiln";
  if (auto folder = folder_from("HOME"); !folder.empty()) return folder / ".local/share/spritekiln";
  std::error_code ignored;
  return std::filesystem::temp_directory_path(ignored) / "spritekiln";
}

std::filesystem::path find_share_folder() {
  if (auto folder = folder_from("SPRITEKILN_SHARE"); !folder.empty()) return folder;
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) {
    const auto installed = (program.parent_path() / "../share/spritekiln").lexically_normal();
    if (std::filesystem::is_directory(installed / "models", error)) return installed;
  }
  return SPRITEKILN_SOURCE_DIR;
}

}  // namespace kiln
