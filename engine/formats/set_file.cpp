#include "engine/formats/set_file.h"

#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/base/file.h"

namespace kiln {

SetFile read_set_file(const std::filesystem::path& folder) {
  const auto path = folder / kSetFileName;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return {};
  try {
    const auto document = nlohmann::json::parse(read_text(path, std::size_t{1} << 20));
    return {document.at("flip_classes").get<std::vector<std::string>>()};
  } catch (const nlohmann::json::exception& problem) {
    throw Failure(ErrorCode::kCorrupt, "“" + path.string() + "” does not say which classes may be mirrored",
                  "fix it, or take it away", problem.what());
  }
}

std::string set_file_text(const SetFile& file) {
  return nlohmann::json{{"flip_classes", file.flip_classes}}.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace kiln
