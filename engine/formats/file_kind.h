#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace kiln {

// What is often met in place of the file that was wanted.
struct FileKind {
  std::string what;  // "a web page"
  std::string hint;  // what to do about it
};

inline constexpr const char* kPlainJson = "a JSON text";  // of which no more is known

// By the first bytes of a file (a few hundred are enough), whatever its name is; nothing for what is not recognised.
std::optional<FileKind> kind_of_file(std::span<const std::uint8_t> bytes);
// Throws as open_source (byte_source.h) does.
std::optional<FileKind> kind_of_file(const std::filesystem::path& path);

}  // namespace kiln
