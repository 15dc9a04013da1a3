#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/byte_source.h"

namespace kiln {

// Where a member's bytes are.
struct ZipMember {
  std::uint64_t offset = 0, size = 0;  // as stored
  std::uint64_t plain_size = 0;        // without compression
  bool deflated = false;
};

// The members of a ZIP archive (APPNOTE 6.3, zip64 included) by name, stored or deflated; of the file, only its end and the
// members' headers are read. Folders, and what a Mac packs beside the files, are left out. `name` is what errors call it, and
// `hint` says how to save the file so that it can be read. Throws Failure: kCorrupt (no archive, cut off, members outside the file
// or of one name), kUnsupported (compressed otherwise, encrypted, more than 100,000 members or a directory of more than 16 MiB),
// and as the source does.
std::map<std::string, ZipMember> zip_members(const ByteSource& source, std::string_view name, std::string_view hint);

// A member's bytes, inflated if they are deflated. Throws Failure: kCorrupt (another size than claimed, a wrong stream), and as the
// source does.
Bytes zip_content(const ByteSource& source, const ZipMember& member, std::string_view name);

// An archive of one member, stored without compression. Throws Failure(kInvalidArgument) for one of 4 GiB or more.
Bytes zip_of(std::string_view member, std::span<const std::uint8_t> content);

}  // namespace kiln
