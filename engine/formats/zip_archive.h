#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "engine/base/byte_source.h"

namespace kiln {

// Where a member's bytes are.
struct ZipMember {
  std::uint64_t offset = 0, size = 0;
};

// The members of a ZIP archive (APPNOTE 6.3, zip64 included) by name. They must be stored without compression, so that nothing is
// larger than the file; of the file, only its end and the members' headers are read. `name` is what errors call it.
// Throws Failure: kCorrupt (no archive, cut off, members outside the file or of one name), kUnsupported (compressed, encrypted,
// more than 100,000 members or a directory of more than 16 MiB), and as the source does.
std::map<std::string, ZipMember> zip_members(const ByteSource& source, std::string_view name);

}  // namespace kiln
