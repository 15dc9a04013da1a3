#include "engine/formats/set_file.h"

#include <nlohmann/json.hpp>

#include "engine/base/animation_limits.h"
#include "engine/base/error.h"
#include "engine/base/file.h"

namespace kiln {
namespace {

constexpr std::size_t kLargest = std::size_t{32} << 20;

}  // namespace

SetFile read_set_file(const std::filesystem::path& folder) {
  const auto path = folder / kSetFileName;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return {};
  try {
    const auto document = nlohmann::json::parse(read_text(path, kLargest));
    SetFile file{document.at("flip_classes").get<std::vector<std::string>>(),
                 document.value("frames", std::map<std::string, int>())};
    for (const auto& [name, frame] : file.frames) {
      if (frame < 0 || frame >= kMostFrames)
        throw Failure(ErrorCode::kCorrupt, "“" + path.string() + "” says that " + name + " is frame " + std::to_string(frame),
                      "frames are numbered from 0 to " + std::to_string(kMostFrames - 1));
    }
    return file;
  } catch (const nlohmann::json::exception& problem) {
    throw Failure(ErrorCode::kCorrupt,
                  "“" + path.string() + "” does not say which classes may be mirrored, or which frames its files are",
                  "fix it, or take it away", problem.what());
  }
}

std::string set_file_text(const SetFile& file) {
  nlohmann::json document{{"flip_classes", file.flip_classes}};
  if (!file.frames.empty()) document["frames"] = file.frames;
  return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace kiln
