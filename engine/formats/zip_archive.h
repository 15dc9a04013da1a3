#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace kiln {

// The members of a ZIP archive (APPNOTE 6.3, zip64 included) by name, as parts of `bytes`. Members must be stored without
// compression, so that nothing is larger than the file. `name` is what errors call it.
// Throws Failure: kCorrupt (no archive, cut off, members outside the file or of one name), kUnsupported (compressed, encrypted,
// more than 100,000 members).
std::map<std::string, std::span<const std::uint8_t>> zip_members(std::span<const std::uint8_t> bytes, std::string_view name);

}  // namespace kiln
