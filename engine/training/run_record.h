#pragma once

#include <filesystem>
#include <string>

#include "engine/api/dataset.h"

namespace kiln {

// What a run was asked for beside its recipe, kept in data.json and in its checkpoints, so that it can go on without being told
// again.
struct RunRecord {
  SpriteSource source;
  Preprocessing preprocessing;
  std::string out;
  std::string init;
  std::string credits;
  std::string licence;
  friend bool operator==(const RunRecord&, const RunRecord&) = default;
};

std::string record_to_json(const RunRecord& record);

// Throws Failure(kCorrupt); `name` is what the error calls it.
RunRecord record_from_json(const std::string& json, const std::string& name);

// That of a run's folder. Throws Failure: as read_file, and kCorrupt.
RunRecord read_record(const std::filesystem::path& run);

}  // namespace kiln
