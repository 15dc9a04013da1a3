#include "engine/formats/zip_archive.h"

#include <zlib.h>

#include <algorithm>
#include <span>

#include "engine/base/error.h"

namespace kiln {
namespace {

constexpr std::uint64_t kMostMembers = 100'000;
constexpr std::uint64_t kLargestDirectory = std::uint64_t{16} << 20;

// Little-endian numbers of a part of the archive, at places that are checked. Offsets are the archive's.
class Window {
 public:
  Window(const ByteSource& source, std::uint64_t begin, std::uint64_t size, std::string_view name) : begin_(begin), name_(name) {
    if (begin > source.size() || size > source.size() - begin) corrupt("a part lies outside the file");
    bytes_ = source.part(begin, size);
  }

  [[noreturn]] void corrupt(const char* detail) const {
    throw Failure(ErrorCode::kCorrupt, "“" + std::string(name_) + "” is cut off or not a ZIP archive",
                  "copy or download the file again", detail);
  }

  std::uint64_t begin() const { return begin_; }
  std::uint64_t end() const { return begin_ + bytes_.size(); }

  std::span<const std::uint8_t> part(std::uint64_t at, std::uint64_t size) const {
    if (at < begin_ || at > end() || size > end() - at) corrupt("a part lies outside the file");
    return std::span(bytes_).subspan(static_cast<std::size_t>(at - begin_), static_cast<std::size_t>(size));
  }

  std::uint64_t number(std::uint64_t at, std::size_t width) const {
    const auto digits = part(at, width);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i) value |= std::uint64_t{digits[i]} << (8 * i);
    return value;
  }

 private:
  std::uint64_t begin_;
  std::string_view name_;
  Bytes bytes_;
};

struct Directory {
  std::uint64_t count = 0, offset = 0, end = 0;
};

Directory find_directory(const ByteSource& source, std::string_view name) {
  constexpr std::uint64_t kEndSize = 22, kLocatorSize = 20, kEnd64Size = 56, kLongestComment = 65535;
  const std::uint64_t tail = std::min(source.size(), kEndSize + kLongestComment + kLocatorSize);
  const Window file(source, source.size() - tail, tail, name);
  if (source.size() < kEndSize) file.corrupt("shorter than an end record");
  const std::uint64_t last = source.size() - kEndSize;
  std::uint64_t at = last;
  while (file.number(at, 4) != 0x06054b50) {
    if (at == file.begin() || last - at == kLongestComment) file.corrupt("no end record");
    --at;
  }
  const Directory directory{file.number(at + 10, 2), file.number(at + 16, 4), at};
  if (at < file.begin() + kLocatorSize || file.number(at - kLocatorSize, 4) != 0x07064b50) return directory;
  const std::uint64_t end64 = file.number(at - kLocatorSize + 8, 8);
  const Window record(source, end64, kEnd64Size, name);
  if (record.number(end64, 4) != 0x06064b50) file.corrupt("no zip64 end record");
  return {record.number(end64 + 32, 8), record.number(end64 + 48, 8), end64};
}

std::string method_name(std::uint64_t method) {
  return method == 12 ? "bzip2" : method == 14 ? "LZMA" : method == 93 ? "Zstandard" : "method " + std::to_string(method);
}

struct Member {
  std::uint64_t packed = 0, size = 0, header = 0;
  bool deflated = false;
};

// Fields of 32 ones stand for 64-bit ones in the zip64 extra field, in this order.
void read_zip64(const Window& file, std::uint64_t extra, std::uint64_t extra_size, Member& member) {
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

ZipMember content_of(const ByteSource& source, const Member& member, std::string_view name) {
  constexpr std::uint64_t kHeaderSize = 30;
  const Window header(source, member.header, kHeaderSize, name);
  if (header.number(member.header, 4) != 0x04034b50) header.corrupt("a member has no header");
  const std::uint64_t begin = header.end() + header.number(member.header + 26, 2) + header.number(member.header + 28, 2);
  if (begin > source.size() || member.packed > source.size() - begin) header.corrupt("a member lies outside the file");
  constexpr std::uint64_t kMostDeflated = 1032;  // bytes from one, at most
  if (member.size / kMostDeflated > member.packed) header.corrupt("a member claims to be larger than it can be");
  return {begin, member.packed, member.size, member.deflated};
}

// A folder, or what a Mac packs beside the files: their attributes (AppleDouble) and how a folder is shown.
bool is_passed_over(std::string_view member) {
  const std::string_view file = member.substr(member.rfind('/') + 1);
  return file.empty() || member.starts_with("__MACOSX/") || file.starts_with("._") || file == ".DS_Store";
}

}  // namespace

std::map<std::string, ZipMember> zip_members(const ByteSource& source, std::string_view name, std::string_view hint) {
  const auto unsupported = [&](const std::string& what) {
    throw Failure(ErrorCode::kUnsupported, "“" + std::string(name) + "” " + what, std::string(hint));
  };
  const Directory directory = find_directory(source, name);
  if (directory.offset > directory.end) Window(source, 0, 0, name).corrupt("the directory lies behind its end");
  const bool too_large = directory.end - directory.offset > kLargestDirectory;
  const Window file(source, directory.offset, too_large ? 0 : directory.end - directory.offset, name);
  if (directory.count > kMostMembers) unsupported("claims to hold " + std::to_string(directory.count) + " members");
  if (too_large) unsupported("has a directory of more than 16 MiB");
  std::map<std::string, ZipMember> members;
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
    const std::uint64_t next = at + 46 + name_size + extra_size + note_size;
    if (is_passed_over(member_name)) {
      at = next;
      continue;
    }
    read_zip64(file, at + 46 + name_size, extra_size, member);
    if (flags & 1) unsupported("is encrypted");
    member.deflated = method == 8;
    if (method != 0 && !member.deflated)
      unsupported("holds “" + member_name + "” compressed with " + method_name(method) + ", which is not read");
    if (method == 0 && member.packed != member.size) file.corrupt("a stored member has two sizes");
    if (!members.emplace(std::move(member_name), content_of(source, member, name)).second)
      file.corrupt("two members have one name");
    at = next;
  }
  return members;
}

Bytes zip_content(const ByteSource& source, const ZipMember& member, std::string_view name) {
  Bytes stored = source.part(member.offset, member.size);
  if (!member.deflated) return stored;
  Bytes plain(member.plain_size + 1);  // one more, to see a stream that is longer than claimed
  z_stream stream{};
  stream.next_in = stored.data();
  stream.avail_in = static_cast<uInt>(stored.size());
  stream.next_out = plain.data();
  stream.avail_out = static_cast<uInt>(plain.size());
  constexpr int kRaw = -15;
  const bool begun = inflateInit2(&stream, kRaw) == Z_OK;
  const bool whole = begun && inflate(&stream, Z_FINISH) == Z_STREAM_END && stream.total_out == member.plain_size;
  if (begun) inflateEnd(&stream);
  if (!whole) Window(source, 0, 0, name).corrupt("a compressed member is damaged");
  plain.pop_back();
  return plain;
}

}  // namespace kiln
