#include "engine/formats/weight_files.h"

#include <algorithm>
#include <array>
#include <cctype>
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
  const int rank = says_averaged(variant) ? 0 : variant == "non_ema" ? 2 : 1;
  return 2 * rank + (file.string().find(".safetensors") == std::string::npos);
}

// What of a folder itself may be its weights.
struct Candidates {
  std::optional<fs::path> usual, variant;  // a file of a usual name, and the best variant of one
  std::vector<fs::path> indexes, all;      // of parts, by any name; files of weights
};

Candidates candidates_in(const fs::path& folder) {
  Candidates found{usual_file(folder), {}, {}, {}};
  for (const auto& entry : sorted_entries(folder)) {
    if (!fs::is_regular_file(entry)) continue;
    const auto variant = variant_of(entry.filename().string());
    if (variant && !variant->empty() && (!found.variant || variant_rank(entry) < variant_rank(*found.variant)))
      found.variant = entry;
    if (is_weight_index(entry)) found.indexes.push_back(entry);
    if (is_weights(entry)) found.all.push_back(entry);
  }
  return found;
}

std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 5;
  const std::vector<std::string> shown(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kShown)));
  return joined(shown, ", ") + (names.size() > kShown ? " and " + std::to_string(names.size() - kShown) + " more" : "");
}

bool holds_model(const fs::path& folder) {
  const Candidates there = candidates_in(folder);
  return there.usual || there.variant;
}

[[noreturn]] void refuse_folder(const fs::path& folder, const std::string& name, const std::vector<fs::path>& weights) {
  std::vector<std::string> files, folders;
  for (const auto& file : weights) files.push_back(file.filename().string());
  if (!weights.empty() && std::all_of(weights.begin(), weights.end(), is_weight_part)) {
    throw Failure(ErrorCode::kNotFound, "the folder “" + name + "” holds weights in parts, and no index of them: " + some_of(files),
                  "copy or download the file that ends with .index.json, too");
  }
  if (!files.empty()) {
    throw Failure(ErrorCode::kNotFound,
                  "the folder “" + name + "” holds " + std::to_string(files.size()) + " files of weights: " + some_of(files),
                  "choose one of these files");
  }
  for (const auto& entry : sorted_entries(folder)) {
    if (fs::is_directory(entry) && (holds_model(entry) || holds_model(entry / "unet")))
      folders.push_back(entry.filename().string());
  }
  throw Failure(ErrorCode::kNotFound, "the folder “" + name + "” holds no weights",
                folders.empty() ? "choose a folder with config.json and diffusion_pytorch_model.safetensors"
                                : "choose one of the folders in it: " + some_of(folders));
}

}  // namespace

bool says_averaged(std::string_view name) {
  static constexpr std::array<std::string_view, 7> kWords = {"ema", "averaged", "average", "avg", "swa", "shadow", "polyak"};
  std::string text(name), before;
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '_' || c == '-'; }, '.');
  for (std::string word : split(text, '.')) {
    word.resize(word.find_last_not_of("0123456789") + 1);
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (before != "non" && std::find(kWords.begin(), kWords.end(), word) != kWords.end()) return true;
    before = word;
  }
  return false;
}

WeightFiles find_weights(const fs::path& folder, const std::string& name) {
  WeightFiles found{folder, {}, {}};
  for (const char* inner : {"unet_ema", "unet"}) {
    if (!fs::is_directory(folder / inner)) continue;
    found.folder = folder / inner;
    if (std::string_view(inner) == "unet_ema" && fs::is_directory(folder / "unet"))
      found.notes.emplace_back("the averaged weights in “unet_ema” were taken; for the others, open the folder “unet” itself");
    break;
  }
  const Candidates there = candidates_in(found.folder);
  const bool averaged = there.variant && variant_rank(*there.variant) < 2;
  if (there.usual && !averaged) {
    found.file = *there.usual;
    return found;
  }
  if (there.variant)
    found.file = *there.variant;
  else if (there.indexes.size() == 1)
    found.file = there.indexes.front();
  else if (there.all.size() == 1)
    found.file = there.all.front();
  else
    refuse_folder(folder, name, there.all);
  const std::string file = "“" + found.file.filename().string() + "”";
  found.notes.push_back(there.usual ? "the averaged weights in " + file + " were taken; for the others, open the file “" +
                                          there.usual->filename().string() + "” itself"
                                    : "the weights in " + file + " were taken");
  return found;
}

WeightMap parse_weight_index(std::string_view json, std::string_view name) {
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
  WeightMap parts;
  std::set<std::string> files;
  for (const auto& [tensor, file] : document["weight_map"].items()) {
    if (!file.is_string()) throw corrupt(tensor);
    const std::string part = file.get<std::string>();
    if (part.empty() || fs::path(part).filename() != part || part == "..") throw corrupt("a part in another folder: " + part);
    files.insert(part);
    parts.emplace(tensor, part);
    if (files.size() > kMostParts) throw corrupt("more than 1000 parts");
  }
  if (files.empty()) throw corrupt("no parts");
  return parts;
}

WeightMap read_weight_index(const fs::path& index) {
  const std::string name = index.filename().string(), quoted = "“" + name + "”";
  WeightMap parts = parse_weight_index(read_text(index, kLargestIndex), name);
  std::set<std::string> files;
  for (const auto& [tensor, file] : parts) {
    if (files.insert(file).second && !fs::is_regular_file(index.parent_path() / file)) {
      throw Failure(ErrorCode::kNotFound, quoted + " names the part “" + std::string(file).append("”, which is not there"),
                    "copy or download it too; all parts lie in one folder");
    }
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
