#pragma once

#include <filesystem>
#include <string>

namespace kiln {

// "file:///home/a/b%20c.png" for an absolute path (RFC 8089).
std::string file_uri(const std::filesystem::path& path);

}  // namespace kiln
