#include "engine/session/model_cache.h"

#include <algorithm>

#include "engine/network/import/import.h"

namespace kiln {

std::shared_ptr<const Model> ModelCache::open(const std::string& path) {
  std::error_code error;
  const auto written = std::filesystem::last_write_time(path, error);
  if (!error) {
    if (auto known = find(path, written)) return known;
  }
  auto model = std::make_shared<const Model>(open_model(path));
  const std::lock_guard lock(mutex_);
  std::erase_if(entries_, [&](const Entry& entry) { return entry.path == path; });
  entries_.insert(entries_.begin(), {path, written, model});
  if (entries_.size() > kKept) entries_.pop_back();
  return model;
}

std::shared_ptr<const Model> ModelCache::find(const std::string& path, std::filesystem::file_time_type written) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.path == path && entry.written == written; });
  if (found == entries_.end()) return nullptr;
  std::rotate(entries_.begin(), found, found + 1);
  return entries_.front().model;
}

ModelInfo describe(const Model& model, const std::string& path) {
  ModelInfo info;
  info.path = path;
  info.name = std::filesystem::path(path).stem().string();
  info.hash = model.hash;
  info.network = model.network_id;
  info.parameters = parameter_count(*model.network);
  info.width = model.shape.width;
  info.height = model.shape.height;
  info.channels = model.shape.channels;
  info.classes = model.classes;
  info.frames = model.frames;
  info.thumbnails = model.thumbnails;
  info.schedule =
      std::string(to_string(model.diffusion.schedule.kind)) + ", T = " + std::to_string(model.diffusion.schedule.length);
  info.timesteps = model.is_distilled() ? model.few_steps : model.diffusion.schedule.length;
  info.distilled = model.is_distilled();
  if (!info.distilled) info.live = find_live_model(path, model.weights_hash()).string();
  info.prediction = to_string(model.diffusion.prediction);
  if (!model.palette_head.empty()) info.prediction += ", by palette head";
  info.trained_steps = model.facts.steps;
  info.credits = model.facts.credits;
  info.licence = model.facts.licence;
  info.sampling = model.facts.sampling;
  info.palette = model.facts.palette;
  info.notes = model.facts.notes;
  return info;
}

}  // namespace kiln
