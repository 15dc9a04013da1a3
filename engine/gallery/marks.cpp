#include "engine/gallery/marks.h"

#include <nlohmann/json.hpp>
#include <system_error>

#include "engine/base/error.h"
#include "engine/base/file.h"

namespace kiln {
namespace {

using nlohmann::json;

constexpr std::size_t kMostBytes = std::size_t{16} << 20;

}  // namespace

Marks read_marks(const std::filesystem::path& file) {
  std::string text;
  try {
    text = read_text(file, kMostBytes);
  } catch (const Failure& failure) {
    if (failure.error().code == ErrorCode::kNotFound) return {};
    throw;
  }
  Marks marks;
  try {
    const json in = json::parse(text);
    in.at("starred").get_to(marks.starred);
    in.at("collections").get_to(marks.collections);
  } catch (const json::exception& e) {
    throw Failure(ErrorCode::kCorrupt, "the stars and collections in “" + file.string() + "” cannot be read",
                  "repair the file or move it away; until then none can be set", e.what());
  }
  return marks;
}

void write_marks(const std::filesystem::path& file, const Marks& marks) {
  const json out = {{"starred", marks.starred}, {"collections", marks.collections}};
  write_file(file, out.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
}

Marks take_marks(Marks& marks, const std::string& file) {
  Marks own;
  if (marks.starred.erase(file) > 0) own.starred.insert(file);
  for (auto& [name, files] : marks.collections) {
    if (files.erase(file) > 0) own.collections[name].insert(file);
  }
  std::erase_if(marks.collections, [](const auto& entry) { return entry.second.empty(); });
  return own;
}

void put_marks(Marks& marks, const Marks& own, const std::string& file) {
  if (!own.starred.empty()) marks.starred.insert(file);
  for (const auto& entry : own.collections) marks.collections[entry.first].insert(file);
}

}  // namespace kiln
