#include <zlib.h>

#include <limits>

#include "engine/base/error.h"
#include "engine/formats/npz.h"
#include "engine/formats/zip_archive.h"

namespace kiln {
namespace {

constexpr std::uint32_t kFirstDay = 0x21;  // 1 January 1980: the same array gives the same bytes

void append(Bytes& bytes, std::uint32_t number, int size) {
  for (int shift = 0; shift < 8 * size; shift += 8) bytes.push_back(static_cast<std::uint8_t>(number >> shift));
}

void append(Bytes& bytes, std::string_view text) { bytes.insert(bytes.end(), text.begin(), text.end()); }

// What the member's own header and the directory's entry share (APPNOTE 4.3.7 and 4.3.12), from the version needed on.
void append_facts(Bytes& bytes, std::string_view member, std::uint32_t checksum, std::uint32_t size) {
  append(bytes, 20, 2);
  append(bytes, 0, 2);
  append(bytes, 0, 2);
  append(bytes, kFirstDay << 16, 4);
  append(bytes, checksum, 4);
  append(bytes, size, 4);
  append(bytes, size, 4);
  append(bytes, static_cast<std::uint32_t>(member.size()), 2);
  append(bytes, 0, 2);
}

}  // namespace

Bytes zip_of(std::string_view member, std::span<const std::uint8_t> content) {
  if (content.size() > std::numeric_limits<std::uint32_t>::max() - 65536 || member.size() > 255) {
    throw Failure(ErrorCode::kInvalidArgument, "an array of 4 GiB or more does not fit into an archive",
                  "write it as .npy, or in parts");
  }
  const auto size = static_cast<std::uint32_t>(content.size());
  const auto checksum = static_cast<std::uint32_t>(crc32_z(0, content.data(), content.size()));
  Bytes zip;
  append(zip, 0x04034b50, 4);
  append_facts(zip, member, checksum, size);
  append(zip, member);
  zip.insert(zip.end(), content.begin(), content.end());
  const auto directory = static_cast<std::uint32_t>(zip.size());
  append(zip, 0x02014b50, 4);
  append(zip, 20, 2);
  append_facts(zip, member, checksum, size);
  append(zip, 0, 2);  // comment
  append(zip, 0, 2);  // disk
  append(zip, 0, 2);  // attributes
  append(zip, 0, 4);
  append(zip, 0, 4);  // where the member is
  append(zip, member);
  const auto end = static_cast<std::uint32_t>(zip.size());
  append(zip, 0x06054b50, 4);
  append(zip, 0, 4);  // disks
  append(zip, 1, 2);
  append(zip, 1, 2);
  append(zip, end - directory, 4);
  append(zip, directory, 4);
  append(zip, 0, 2);
  return zip;
}

Bytes encode_npz(const NpyArray& array, std::string_view array_name) {
  return zip_of(std::string(array_name) + ".npy", encode_npy(array));
}

}  // namespace kiln
