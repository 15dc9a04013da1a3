#include "engine/training/checkpoint.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/param_json.h"
#include "engine/base/text.h"
#include "engine/network/palette_head_json.h"
#include "engine/network/tensor_io.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;
constexpr const char* kMetadataKey = "spritekiln-checkpoint";
constexpr std::string_view kPrefix = "checkpoint-", kSuffix = ".safetensors";

at::Tensor flat_tensor(const Safetensors& file, const std::string& key) {
  const auto found = file.tensors.find(key);
  if (found == file.tensors.end() || found->second.shape.size() != 1 || found->second.dtype != "F32") {
    throw Failure(ErrorCode::kCorrupt, "the checkpoint has no " + key, "go on from an older one");
  }
  return to_tensor(file, found->second);
}

TrainingState load_checkpoint(const fs::path& path) {
  const Safetensors file = read_safetensors(path);
  const auto entry = file.metadata.find(kMetadataKey);
  if (entry == file.metadata.end())
    throw Failure(ErrorCode::kCorrupt, path.filename().string() + " is not a checkpoint", "go on from an older one");
  try {
    const auto document = nlohmann::json::parse(entry->second);
    TrainingState state;
    state.step = document.at("step").get<std::int64_t>();
    state.measured = document.value("measured", state.step);
    state.smoothed_loss = document.at("smoothed_loss").get<double>();
    state.best_loss =
        document.at("best_loss").is_null() ? std::numeric_limits<double>::infinity() : document.at("best_loss").get<double>();
    state.loss_since_line = document.at("loss_since_line").get<double>();
    state.steps_since_line = document.at("steps_since_line").get<std::int64_t>();
    state.data_json = document.at("data").get<std::string>();
    state.recipe_json = document.at("recipe").get<std::string>();
    state.data_fingerprint = document.at("data_fingerprint").get<std::string>();
    state.classes = document.at("classes").get<std::vector<std::string>>();
    state.threads = document.value("threads", 0);
    state.teacher = document.value("teacher", "");
    if (document.contains("sampling")) state.sampling = document.at("sampling").get<ParamMap>();
    if (document.contains("palette_head")) state.palette_head = palette_head_from_json(document.at("palette_head"));
    state.weights = flat_tensor(file, "weights");
    state.ema = flat_tensor(file, "ema");
    state.mean = flat_tensor(file, "mean");
    state.variance = flat_tensor(file, "variance");
    state.buffers = flat_tensor(file, "buffers");
    state.ema_buffers = flat_tensor(file, "ema_buffers");
    return state;
  } catch (const nlohmann::json::exception& error) {
    throw Failure(ErrorCode::kCorrupt, path.filename().string() + " is damaged", "go on from an older one", error.what());
  }
}

}  // namespace

std::vector<std::pair<std::int64_t, fs::path>> list_checkpoints(const fs::path& run) {
  std::vector<std::pair<std::int64_t, fs::path>> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(run, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) continue;
    const auto number = std::string_view(name).substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size());
    if (const auto step = parse_int(number)) found.emplace_back(*step, entry.path());
  }
  std::sort(found.rbegin(), found.rend());
  return found;
}

void save_checkpoint(const fs::path& run, const TrainingState& state, int keep) {
  nlohmann::json document = {{"step", state.step},
                             {"measured", state.measured},
                             {"smoothed_loss", state.smoothed_loss},
                             {"best_loss", nullptr},
                             {"loss_since_line", state.loss_since_line},
                             {"steps_since_line", state.steps_since_line},
                             {"data", state.data_json},
                             {"recipe", state.recipe_json},
                             {"data_fingerprint", state.data_fingerprint},
                             {"classes", state.classes},
                             {"threads", state.threads}};
  if (!state.teacher.empty()) document["teacher"] = state.teacher;
  if (!state.sampling.empty()) document["sampling"] = state.sampling;
  if (!state.palette_head.empty()) document["palette_head"] = palette_head_to_json(state.palette_head);
  if (state.best_loss < std::numeric_limits<double>::infinity()) document["best_loss"] = state.best_loss;
  TensorsToWrite tensors;
  tensors.add("weights", state.weights.cpu());
  tensors.add("ema", state.ema.cpu());
  tensors.add("mean", state.mean.cpu());
  tensors.add("variance", state.variance.cpu());
  tensors.add("buffers", state.buffers.cpu());
  tensors.add("ema_buffers", state.ema_buffers.cpu());
  std::string number = std::to_string(state.step);
  number.insert(0, number.size() < 8 ? 8 - number.size() : 0, '0');
  write_file(run / (std::string(kPrefix) + number + std::string(kSuffix)), tensors.encode({{kMetadataKey, document.dump()}}));
  const auto all = list_checkpoints(run);
  int kept = 0;
  for (const auto& [step, path] : all) {
    std::error_code error;
    if (step > state.step || ++kept > keep) fs::remove(path, error);  // one too many does no harm
  }
}

std::optional<FoundCheckpoint> load_newest_checkpoint(const fs::path& run) {
  FoundCheckpoint found;
  const auto all = list_checkpoints(run);
  for (const auto& [step, path] : all) {
    try {
      found.state = load_checkpoint(path);
      return found;
    } catch (const Failure& failure) {
      found.notes.push_back(path.filename().string() + " is left out: " + failure.error().message);
    }
  }
  if (all.empty()) return std::nullopt;
  throw Failure(ErrorCode::kCorrupt, "no checkpoint in " + run.string() + " can be read", "start again without --resume",
                joined(found.notes, "; "));
}

FoundCheckpoint checkpoint_to_resume(const fs::path& run) {
  auto found = load_newest_checkpoint(run);
  if (!found)
    throw Failure(ErrorCode::kNotFound, "there is no checkpoint in " + run.string() + " to go on from", "start without --resume");
  return std::move(*found);
}

}  // namespace kiln
