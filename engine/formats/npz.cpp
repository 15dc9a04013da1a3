#include "engine/formats/npz.h"

#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/formats/zip_archive.h"

namespace kiln {
namespace {

constexpr std::uint64_t kLargestArray = std::uint64_t{1} << 30;

}  // namespace

NpyArray parse_npz(const ByteSource& source, std::string_view name) {
  const auto members = zip_members(source, name, "save it again with numpy.savez or numpy.savez_compressed");
  std::vector<std::string> arrays;
  for (const auto& [member, place] : members) {
    if (member.ends_with(".npy")) arrays.push_back(member.substr(0, member.size() - 4));
  }
  const std::string quoted = "“" + std::string(name) + "” holds ";
  if (arrays.size() != 1) {
    throw Failure(ErrorCode::kUnsupported, quoted + (arrays.empty() ? "no array" : std::to_string(arrays.size()) + " arrays"),
                  arrays.empty() ? "choose an .npz file that numpy.savez has written"
                                 : "save the one with the sprites by itself, with numpy.save: " + joined(arrays, ", "));
  }
  const ZipMember& member = members.at(arrays.front() + ".npy");
  if (member.plain_size > kLargestArray)
    throw Failure(ErrorCode::kUnsupported, quoted + "an array of more than 1 GiB", "save it in parts, or with numpy.save");
  return parse_npy(zip_content(source, member, name), name);
}

NpyArray read_array(const std::filesystem::path& path) {
  const auto source = open_source(path);
  const Bytes start = source->part(0, std::min<std::uint64_t>(source->size(), 2));
  if (start == Bytes{'P', 'K'}) return parse_npz(*source, path.filename().string());
  return read_npy(path);
}

}  // namespace kiln
