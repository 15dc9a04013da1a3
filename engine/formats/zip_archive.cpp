#include "engine/formats/zip_archive.h"

#include <algorithm>

#include "engine/base/error.h"

namespace kiln {
namespace {

constexpr std::uint64_t kMostMembers = 100'000;

// Little-endian numbers at places that are checked.
class Reader {
 public:
  Reader(std::span<const std::uint8_t> bytes, std::string_view name) : bytes_(bytes), name_(name) {}

  [[noreturn]] void corrupt(const char* detail) const {
    throw Failure(ErrorCode::kCorrupt, "“" + std::string(name_) + "” is cut off or not a ZIP archive",
                  "copy or download the file again", detail);
  }
  [[noreturn]] void unsupported(const std::string& what) const {
    throw Failure(ErrorCode::kUnsupported, "“" + std::string(name_) + "” " + what, "save the checkpoint again with torch.save");
  }

  std::size_t size() const { return bytes_.size(); }

  std::span<const std::uint8_t> part(std::uint64_t at, std::uint64_t size) const {
    if (at > bytes_.size() || size > bytes_.size() - at) corrupt("a part lies outside the file");
    return bytes_.subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(size));
  }

  std::uint64_t number(std::uint64_t at, std::size_t width) const {
    const auto digits = part(at, width);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i) value |= std::uint64_t{digits[i]} << (8 * i);
    return value;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::string_view name_;
};

struct Directory {
  std::uint64_t count = 0, offset = 0;
};

Directory find_directory(const Reader& file) {
  constexpr std::uint64_t kEndSize = 22, kLocatorSize = 20;
  if (file.size() < kEndSize) file.corrupt("shorter than an end record");
  const std::uint64_t last = file.size() - kEndSize;
  std::uint64_t at = last;
  while (file.number(at, 4) != 0x06054b50) {  // a comment of up to 65535 bytes may follow
    if (at == 0 || last - at == 65535) file.corrupt("no end record");
    --at;
  }
  const Directory directory{file.number(at + 10, 2), file.number(at + 16, 4)};
  if (at < kLocatorSize || file.number(at - kLocatorSize, 4) != 0x07064b50) return directory;
  const std::uint64_t end64 = file.number(at - kLocatorSize + 8, 8);
  if (file.number(end64, 4) != 0x06064b50) file.corrupt("no zip64 end record");
  file.part(end64, 56);
  return {file.number(end64 + 32, 8), file.number(end64 + 48, 8)};
}

struct Member {
  std::uint64_t packed = 0, size = 0, header = 0;
};

// Fields of 32 ones stand for 64-bit ones in the zip64 extra field, in this order.
void read_zip64(const Reader& file, std::uint64_t extra, std::uint64_t extra_size, Member& member) {
  const std::uint64_t end = extra + extra_size;
  for (std::uint64_t at = extra; at + 4 <= end;) {
    const std::uint64_t id = file.number(at, 2), size = file.number(at + 2, 2);
    at += 4;
    if (id == 1) {
      std::uint64_t field = at;
      for (std::uint64_t* value : {&member.size, &member.packed, &member.header}) {
        if (*value != 0xffffffff) continue;
        if (field + 8 > at + size) file.corrupt("the zip64 field is too short");
        *value = file.number(field, 8);
        field += 8;
      }
    }
    at += size;
  }
}

std::span<const std::uint8_t> content_of(const Reader& file, const Member& member) {
  if (file.number(member.header, 4) != 0x04034b50) file.corrupt("a member has no header");
  file.part(member.header, 30);
  const std::uint64_t begin = member.header + 30 + file.number(member.header + 26, 2) + file.number(member.header + 28, 2);
  return file.part(begin, member.size);
}

}  // namespace

std::map<std::string, std::span<const std::uint8_t>> zip_members(std::span<const std::uint8_t> bytes, std::string_view name) {
  const Reader file(bytes, name);
  const Directory directory = find_directory(file);
  if (directory.count > kMostMembers) file.unsupported("claims to hold " + std::to_string(directory.count) + " members");
  std::map<std::string, std::span<const std::uint8_t>> members;
  std::uint64_t at = directory.offset;
  for (std::uint64_t i = 0; i < directory.count; ++i) {
    if (file.number(at, 4) != 0x02014b50) file.corrupt("the directory is damaged");
    file.part(at, 46);
    const std::uint64_t flags = file.number(at + 8, 2), method = file.number(at + 10, 2);
    Member member{file.number(at + 20, 4), file.number(at + 24, 4), file.number(at + 42, 4)};
    const std::uint64_t name_size = file.number(at + 28, 2), extra_size = file.number(at + 30, 2),
                        note_size = file.number(at + 32, 2);
    const auto letters = file.part(at + 46, name_size);
    std::string member_name(letters.begin(), letters.end());
    file.part(at + 46 + name_size, extra_size);
    read_zip64(file, at + 46 + name_size, extra_size, member);
    if (flags & 1) file.unsupported("is encrypted");
    if (method != 0) file.unsupported("holds the compressed member “" + member_name + "”");
    if (member.packed != member.size) file.corrupt("a stored member has two sizes");
    if (!members.emplace(std::move(member_name), content_of(file, member)).second) file.corrupt("two members have one name");
    at += 46 + name_size + extra_size + note_size;
  }
  return members;
}

}  // namespace kiln
