#include "engine/network/import/checkpoint.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <span>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/lower_case.h"
#include "engine/base/sha256.h"
#include "engine/base/text.h"
#include "engine/formats/file_kind.h"
#include "engine/formats/torch_parts.h"
#include "engine/network/import/dotted_names.h"
#include "engine/network/tensor_io.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostPrefixes = 1000;

// 0 for averaged weights, 1 for others; what stands nearest to the network's own names decides.
int rank_of(const std::string& prefix) {
  const auto parts = split(prefix, '.');
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    if (*part == "online_model" || *part == "non_ema") return 1;
    if (says_averaged(*part)) return 0;
  }
  return 1;
}

template <std::size_t N>
bool has_one_of(std::string_view name, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

// The tables of a schedule, and what wrappers count: they belong to no network. Within a module, whose weights may be called alpha
// or beta, the names are those of such tables in the usual programs.
bool is_table(std::string_view name) {
  static constexpr std::array<std::string_view, 13> kInTables = {"betas",     "alphas", "alpha_bar", "alphabar",    "posterior_",
                                                                 "sigmas",    "snr",    "gammas",    "loss_weight", "vlb_weights",
                                                                 "timesteps", "sqrtab", "sqrtmab"};
  static constexpr std::array<std::string_view, 3> kInTablesByThemselves = {"beta", "alpha", "sigma"};
  static constexpr std::array<std::string_view, 16> kNames = {
      "initted",    "step",      "n_averaged", "global_step",  "epoch", "num_updates", "decay", "logvar",
      "sigma_data", "sigma_min", "sigma_max",  "scale_factor", "ab_t",  "a_t",         "b_t",   "oneover_sqrta"};
  const std::string_view last = name.substr(name.rfind('.') + 1);
  if (std::find(kNames.begin(), kNames.end(), last) != kNames.end() || has_one_of(last, kInTables)) return true;
  return last == name && has_one_of(name, kInTablesByThemselves);
}

// Whether a file is one of PyTorch, by the first bytes, whatever the ending says; else it is one of safetensors.
bool is_torch_file(const ByteSource& source, const fs::path& file) {
  const Bytes start = source.part(0, std::min<std::uint64_t>(source.size(), 512));
  if ((start.size() > 1 && start[0] == 'P' && start[1] == 'K') || is_legacy_torch_file(source)) return true;
  const std::string name = "“" + file.filename().string() + "” is ";
  if (start.size() > 8 && start[8] == '{' && start[7] == 0) return false;
  if (start.empty()) throw Failure(ErrorCode::kCorrupt, name + "empty", "copy or download the file again");
  if (const auto kind = kind_of_file(start)) {
    const bool tar = kind->what == "a tar archive";
    throw Failure(ErrorCode::kUnsupported, name + kind->what,
                  tar ? "unpack it; what PyTorch before 0.2 saved is saved again with torch.load and torch.save" : kind->hint);
  }
  if (lower_case(file.extension().string()) == ".safetensors") return false;
  throw Failure(ErrorCode::kUnsupported, name + "neither a PyTorch checkpoint nor a safetensors file",
                "choose a file written by torch.save or safetensors, or a diffusers folder");
}

// An exponent of ones stands for infinite and undefined numbers.
template <class Word>
bool finite(std::span<const std::uint8_t> bytes, Word exponent) {
  bool all = true;
  for (std::size_t at = 0; at + sizeof(Word) <= bytes.size(); at += sizeof(Word)) {
    Word word;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    all &= (word & exponent) != exponent;
  }
  return all;
}

bool all_finite(const std::string& dtype, std::span<const std::uint8_t> bytes) {
  if (dtype == "F32") return finite<std::uint32_t>(bytes, 0x7f800000);
  if (dtype == "F16") return finite<std::uint16_t>(bytes, 0x7c00);
  if (dtype == "BF16") return finite<std::uint16_t>(bytes, 0x7f80);
  return dtype != "F64" || finite<std::uint64_t>(bytes, 0x7ff0000000000000);
}

std::string text_of_first(const std::vector<fs::path>& candidates) {
  for (const auto& path : candidates) {
    if (fs::is_regular_file(path)) return read_text(path, std::size_t{1} << 20);
  }
  return {};
}

}  // namespace

Checkpoint::Checkpoint(const fs::path& path)
    : name_(path.filename().empty() ? path.parent_path().filename().string() : path.filename().string()) {
  if (fs::is_directory(path)) {
    read_folder(path);
  } else if (is_weight_index(path)) {
    read_index(path);
  } else {
    read_weights(path);
  }
  const fs::path folder = fs::is_directory(path) ? fs::path() : fs::absolute(path).parent_path();
  if (!folder.empty()) {
    const std::string config = text_of_first({folder / "config.json"});
    // Beside a file of any name there may be another program's.
    if (config.find("\"block_out_channels\"") != std::string::npos) config_ = config;
    if (!config_.empty())
      scheduler_ = text_of_first({folder / "scheduler_config.json", folder / "scheduler" / "scheduler_config.json",
                                  folder.parent_path() / "scheduler" / "scheduler_config.json"});
  }
  restore_dots();
  places_ = all_;
}

void Checkpoint::read_folder(const fs::path& folder) {
  WeightFiles found = find_weights(folder, name_);
  notes_ = std::move(found.notes);
  config_ = text_of_first({found.folder / "config.json"});
  scheduler_ = text_of_first({found.folder / "scheduler_config.json", folder / "scheduler" / "scheduler_config.json",
                              folder / "scheduler_config.json",
                              fs::absolute(found.folder).lexically_normal().parent_path() / "scheduler" / "scheduler_config.json"});
  if (is_weight_index(found.file))
    read_index(found.file);
  else
    read_weights(found.file);
}

void Checkpoint::read_index(const fs::path& index) {
  index_ = read_weight_index(index);
  std::set<std::string> parts;
  for (const auto& [tensor, part] : index_) parts.insert(part);
  for (const auto& part : parts) read_weights(index.parent_path() / part);
  if (repeated_ > 0)
    notes_.push_back(std::to_string(repeated_) + " tensors are in several parts; those that “" + index.filename().string() +
                     "” names were taken");
}

void Checkpoint::read_weights(const fs::path& file) {
  const std::string file_name = file.filename().string();
  auto part = std::make_unique<Part>();
  part->file = file_name;
  part->source = open_source(file);
  const std::size_t before = all_.size() + repeated_;
  if (is_torch_file(*part->source, file)) {
    part->torch = parse_torch_file(part->source, file_name);
    take_torch(*part, part->torch.root, "", 0);
  } else {
    part->safetensors = parse_safetensors(part->source, file_name);
    for (const auto& [name, tensor] : part->safetensors.tensors) add(name, Place{part.get(), &tensor, 0});
  }
  if (all_.size() + repeated_ == before)
    throw Failure(ErrorCode::kUnsupported, "“" + file_name + "” holds no weights by name",
                  "choose a file with a model's state dict");
  parts_.push_back(std::move(part));
}

// Of a tensor in several parts, the one in the part that the index names stays.
void Checkpoint::add(const std::string& tensor, const Place& place) {
  const auto [known, is_new] = all_.emplace(tensor, place);
  if (is_new || known->second.part == place.part) return;
  ++repeated_;
  const auto named = index_.find(tensor);
  if (named != index_.end() && named->second == place.part->file) known->second = place;
}

// Averaged weights whose names have lost their dots, as LitEma saves them, get them back; what was not averaged is the raw
// weights'.
void Checkpoint::restore_dots() {
  for (const auto& prefix : prefixes()) {
    if (prefix.empty() || !says_averaged(split(prefix.substr(0, prefix.size() - 1), '.').back())) continue;
    std::map<std::string, Place> averaged, others;
    for (const auto& [name, place] : all_) {
      if (!name.starts_with(prefix))
        others.emplace(name, place);
      else if (!is_table(name.substr(prefix.size())))
        averaged.emplace(name.substr(prefix.size()), place);
    }
    std::vector<std::string> without_dots, raw;
    for (const auto& [name, place] : averaged) without_dots.push_back(name);
    for (const auto& [name, place] : others) raw.push_back(name);
    const auto dotted = dotted_names(without_dots, raw);
    if (dotted.empty()) continue;
    for (const auto& name : without_dots) all_.erase(prefix + name);
    const std::size_t nested = averaged.begin()->second.nested;
    for (const auto& [name, stands_for] : dotted) {
      const auto found = averaged.find(stands_for.dotless);
      Place place = found != averaged.end() ? found->second : others.at(stands_for.raw);
      place.nested = nested;
      all_.emplace(prefix + name, place);
    }
  }
}

// Dicts in dicts name their tensors as modules do, with dots.
void Checkpoint::take_torch(const Part& part, const TorchValue& value, const std::string& before, int depth) {
  constexpr int kDeepest = 4;
  const TorchDict* entries = value.dict();
  if (entries == nullptr || depth > kDeepest) return;
  for (const auto& [key, entry] : *entries) {
    if (const TorchTensor* tensor = entry.tensor()) add(before + key, Place{&part, tensor, before.size()});
    take_torch(part, entry, before + key + ".", depth + 1);
  }
}

std::vector<std::string> Checkpoint::prefixes() const {
  std::set<std::string> found = {""};
  for (const auto& [name, place] : all_) {
    for (std::size_t dot = name.find('.'); dot != std::string::npos && found.size() < kMostPrefixes; dot = name.find('.', dot + 1))
      found.insert(name.substr(0, dot + 1));
  }
  std::vector<std::string> prefixes(found.begin(), found.end());
  std::stable_sort(prefixes.begin(), prefixes.end(), [](const std::string& a, const std::string& b) {
    return std::pair(rank_of(a), a.size()) < std::pair(rank_of(b), b.size());
  });
  return prefixes;
}

void Checkpoint::take(const std::string& prefix) {
  places_.clear();
  for (auto at = all_.lower_bound(prefix); at != all_.end() && at->first.starts_with(prefix); ++at) {
    const std::string name = at->first.substr(prefix.size());
    if (at->second.nested <= prefix.size() && !is_table(name)) places_.emplace(name, at->second);
  }
}

bool Checkpoint::has_any(const std::string& prefix) const {
  const auto found = places_.lower_bound(prefix);
  return found != places_.end() && found->first.starts_with(prefix);
}

std::vector<std::string> Checkpoint::names() const {
  std::vector<std::string> names;
  for (const auto& [name, place] : places_) names.push_back(name);
  return names;
}

std::vector<std::string> Checkpoint::names_in_file() const {
  std::vector<std::string> names;
  for (const auto& [name, place] : all_) names.push_back(name);
  return names;
}

const std::vector<std::int64_t>& Checkpoint::shape(const std::string& tensor) const {
  const auto found = places_.find(tensor);
  if (found == places_.end())
    throw Failure(ErrorCode::kUnsupported, "“" + name_ + "” has no weights called " + tensor,
                  "choose another family with --like, or check that the file is whole");
  return std::visit([](const auto* place) -> const std::vector<std::int64_t>& { return place->shape; }, found->second.tensor);
}

int Checkpoint::size(const std::string& tensor, std::size_t dimension) const {
  const auto& sizes = shape(tensor);
  if (dimension >= sizes.size() || sizes[dimension] < 1 || sizes[dimension] > (1 << 20)) {
    throw Failure(ErrorCode::kUnsupported, "the weights “" + tensor + "” of “" + name_ + "” do not have the shape they should",
                  "choose another family with --like");
  }
  return static_cast<int>(sizes[dimension]);
}

int Checkpoint::count(const std::string& prefix, const std::string& suffix) const {
  constexpr int kMost = 64;
  int count = 0;
  while (count < kMost && has(prefix + std::to_string(count) + suffix)) ++count;
  return count;
}

std::string Checkpoint::hash() const {
  if (parts_.size() == 1) return sha256_hex(*parts_.front()->source);
  std::string all;
  for (const auto& part : parts_) all += sha256_hex(*part->source);
  return sha256_hex(*memory_source({all.begin(), all.end()}));
}

double Checkpoint::elements() const {
  double all = 0;
  for (const auto& [name, place] : places_) {
    double count = 1;
    for (const auto size : shape(name)) count *= static_cast<double>(size);
    all += count;
  }
  return all;
}

void Checkpoint::check_numbers() const {
  constexpr std::uint64_t kPiece = std::uint64_t{1} << 20;
  for (const auto& [name, place] : places_) {
    bool finite = true;
    if (const auto* stored = std::get_if<const StoredTensor*>(&place.tensor)) {
      const StoredTensor& tensor = **stored;
      for (std::uint64_t at = 0; finite && at < tensor.size; at += kPiece) {
        finite = all_finite(tensor.dtype, place.part->source->part(place.part->safetensors.data_begin + tensor.offset + at,
                                                                   std::min(kPiece, tensor.size - at)));
      }
    } else {
      const TorchTensor& tensor = *std::get<const TorchTensor*>(place.tensor);
      finite = all_finite(tensor.dtype, contiguous_bytes(*place.part->source, tensor));
    }
    if (finite) continue;
    throw Failure(ErrorCode::kCorrupt, "the weights “" + name + "” of “" + name_ + "” hold infinite or undefined numbers",
                  "take an earlier checkpoint; this training went wrong");
  }
}

at::Tensor Checkpoint::tensor(const std::string& name) const {
  shape(name);  // that it is there
  const Place& place = places_.at(name);
  const at::Tensor stored = std::holds_alternative<const StoredTensor*>(place.tensor)
                                ? to_tensor(place.part->safetensors, *std::get<const StoredTensor*>(place.tensor))
                                : to_tensor(place.part->torch, *std::get<const TorchTensor*>(place.tensor));
  return stored.to(at::kFloat);
}

}  // namespace kiln
