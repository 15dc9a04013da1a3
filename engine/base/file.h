#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kiln {

using Bytes = std::vector<std::uint8_t>;

// The whole file. Throws Failure: kNotFound, kUnreadable (a folder, no permission), kUnsupported (larger than `max_bytes`).
Bytes read_file(const std::filesystem::path& path, std::size_t max_bytes = std::size_t{4} << 30);
std::string read_text(const std::filesystem::path& path, std::size_t max_bytes = std::size_t{64} << 20);

// Writes the whole file or nothing: a temporary file beside it, synced, renamed over it, the folder synced.
// Missing parent folders are made. Throws Failure: kUnwritable, kDiskFull.
void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);

// Makes sure that write_file could write there, so that long work is not done for nothing. Leaves nothing but missing parent
// folders. Throws as write_file.
void check_writable(const std::filesystem::path& path);

// Adds a line to a file (made if missing), synced. Throws as write_file.
void append_line(const std::filesystem::path& path, std::string_view line);

}  // namespace kiln
