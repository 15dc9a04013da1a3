#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/api/model_info.h"
#include "engine/network/model.h"

namespace kiln {

// The model files in use, other projects' checkpoints among them, read once each until they change on disk. For any thread; files
// are read with no lock held, so that a large one holds up nobody who wants another. Networks in it are never written to but by
// samplers on the engine's thread, which set how they compute.
class ModelCache {
 public:
  // Throws as engine/network/import's open_model does.
  std::shared_ptr<const Model> open(const std::string& path);

 private:
  struct Entry {
    std::string path;
    std::filesystem::file_time_type written;
    std::shared_ptr<const Model> model;
  };
  static constexpr std::size_t kKept = 4;
  std::shared_ptr<const Model> find(const std::string& path, std::filesystem::file_time_type written);

  std::mutex mutex_;
  std::vector<Entry> entries_;  // the most recently used first
};

ModelInfo describe(const Model& model, const std::string& path);

}  // namespace kiln
