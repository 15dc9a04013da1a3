#include "engine/formats/weight_files.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <set>
#include <string_view>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/lower_case.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestIndex = std::size_t{32} << 20;
constexpr std::size_t kMostParts = 1000;

bool is_weights(const fs::path& path) {
  static constexpr std::array<std::string_view, 5> kEndings = {".safetensors", ".bin", ".pt", ".pth", ".ckpt"};
  return std::find(kEndings.begin(), kEndings.end(), lower_case(path.extension().string())) != kEndings.end();
}

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) entries.push_back(at->path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

// “fp16” of “diffusion_pytorch_model.fp16.safetensors” or “….safetensors.index.fp16.json”.
std::optional<std::string> variant_of(const std::string& file) {
  static const std::regex kVariant(R"((?:diffusion_pytorch_model|model|pytorch_model)\.(\w+)\.(?:safetensors|bin))"),
      kIndexVariant(R"((?:diffusion_pytorch_model|model|pytorch_model)\.(?:safetensors|bin)\.index(?:\.(\w+))?\.json)");
  std::smatch match;
  if (std::regex_match(file, match, kVariant) || std::regex_match(file, match, kIndexVariant)) return match[1].str();
  return std::nullopt;
}

std::optional<fs::path> usual_file(const fs::path& folder) {
  for (const char* file : {"diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.safetensors.index.json",
                           "diffusion_pytorch_model.bin", "diffusion_pytorch_model.bin.index.json", "model.safetensors",
                           "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"}) {
    if (fs::is_regular_file(folder / file)) return folder / file;
  }
  return std::nullopt;
}

// Averaged weights before others, raw ones last; safetensors before pickles.
int variant_rank(const fs::path& file) {
  const std::string variant = *variant_of(file.filename().string());
  const int rank = variant == "ema" ? 0 : variant == "non_ema" ? 2 : 1;
  return 2 * rank + (file.string().find(".safetensors") == std::string::npos);
}

// Folders and files that were perhaps meant, for a hint.
std::string what_is_there(const fs::path& folder, const std::vector<fs::path>& weights) {
  std::vector<std::string> found;
  found.reserve(weights.size());
  for (const auto& file : weights) found.push_back(file.filename().string());
  for (const auto& entry : sorted_entries(folder)) {
    if (fs::is_directory(entry) && (usual_file(entry) || usual_file(entry / "unet"))) found.push_back(entry.filename().string());
  }
  constexpr std::size_t kShown = 5;
  if (found.empty()) return "choose a folder with config.json and diffusion_pytorch_model.safetensors";
  const std::string more = found.size() > kShown ? " and " + std::to_string(found.size() - kShown) + " more" : "";
  found.resize(std::min(found.size(), kShown));
  return "choose one of what is in it: " + joined(found, ", ") + more;
}

}  // namespace

WeightFiles find_weights(const fs::path& folder, const std::string& name) {
  WeightFiles found{folder, {}, {}};
  for (const char* inner : {"unet_ema", "unet"}) {
    if (!fs::is_directory(folder / inner)) continue;
    found.folder = folder / inner;
    if (std::string_view(inner) == "unet_ema" && fs::is_directory(folder / "unet"))
      found.notes.emplace_back("the averaged weights in “unet_ema” were taken; for the others, open the folder “unet” itself");
    break;
  }
  if (const auto usual = usual_file(found.folder)) {
    found.file = *usual;
    return found;
  }
  std::vector<fs::path> weights, variants;
  for (const auto& entry : sorted_entries(found.folder)) {
    if (!fs::is_regular_file(entry)) continue;
    if (variant_of(entry.filename().string())) variants.push_back(entry);
    if (is_weights(entry)) weights.push_back(entry);
  }
  const auto best = std::min_element(variants.begin(), variants.end(),
                                     [](const auto& a, const auto& b) { return variant_rank(a) < variant_rank(b); });
  if (best != variants.end())
    found.file = *best;
  else if (weights.size() == 1)
    found.file = weights.front();
  else
    throw Failure(ErrorCode::kNotFound, "the folder “" + name + "” holds no weights", what_is_there(folder, weights));
  found.notes.push_back("the weights in “" + found.file.filename().string() + "” were taken");
  return found;
}

std::set<std::string> parts_of_index(std::string_view json, std::string_view name) {
  const auto corrupt = [&](const std::string& detail) {
    return Failure(ErrorCode::kCorrupt, "“" + std::string(name) + "” is damaged, or no index of weights",
                   "copy or download the folder again", detail);
  };
  const auto not_too_deep = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    if (depth > 8) throw corrupt("nested too deeply");
    return true;
  };
  const nlohmann::json document = nlohmann::json::parse(json, not_too_deep, false);
  if (!document.is_object() || !document.contains("weight_map") || !document["weight_map"].is_object())
    throw corrupt("no weight_map");
  std::set<std::string> files;
  for (const auto& [tensor, file] : document["weight_map"].items()) {
    if (!file.is_string()) throw corrupt(tensor);
    const std::string part = file.get<std::string>();
    if (part.empty() || fs::path(part).filename() != part || part == "..") throw corrupt("a part in another folder: " + part);
    files.insert(part);
    if (files.size() > kMostParts) throw corrupt("more than 1000 parts");
  }
  if (files.empty()) throw corrupt("no parts");
  return files;
}

std::vector<fs::path> indexed_parts(const fs::path& index) {
  const std::string name = index.filename().string(), quoted = "“" + name + "”";
  std::vector<fs::path> parts;
  for (const auto& file : parts_of_index(read_text(index, kLargestIndex), name)) {
    if (!fs::is_regular_file(index.parent_path() / file)) {
      throw Failure(ErrorCode::kNotFound, quoted + " names the part “" + std::string(file).append("”, which is not there"),
                    "copy or download it too; all parts lie in one folder");
    }
    parts.push_back(index.parent_path() / file);
  }
  return parts;
}

bool is_weight_index(const fs::path& path) {
  return path.filename().string().find(".index.") != std::string::npos && lower_case(path.extension().string()) == ".json";
}

bool is_weight_part(const fs::path& path) {
  static const std::regex kPart(R"(.*-\d{5}-of-\d{5}\.\w+)");
  return std::regex_match(path.filename().string(), kPart);
}

}  // namespace kiln
