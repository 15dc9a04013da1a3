#include "engine/network/import/checkpoint.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/sha256.h"
#include "engine/network/tensor_io.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

// Where training programs put the weights, the better ones first.
constexpr std::array<const char*, 11> kNests = {"ema",    "ema_model",  "ema_state_dict", "model_ema", "model_state_dict",
                                                "model",  "state_dict", "unet",           "net",       "network",
                                                "weights"};
constexpr std::array<const char*, 5> kPrefixes = {"_orig_mod.", "module.", "model.", "unet.", "ema_model."};

enum class Kind { kTorch, kSafetensors };

// By the first bytes, whatever the ending says.
Kind kind_of(const ByteSource& source, const fs::path& file) {
  const Bytes start = source.part(0, std::min<std::uint64_t>(source.size(), 9));
  const auto begins = [&](const Bytes& with) {
    return start.size() >= with.size() && std::equal(with.begin(), with.end(), start.begin());
  };
  if (begins({'P', 'K'}) || begins({0x80, 0x02, 0x8a, 0x0a})) return Kind::kTorch;  // ZIP, or a pickle alone as before PyTorch 1.6
  if (file.extension() == ".safetensors" || (start.size() == 9 && start[8] == '{')) return Kind::kSafetensors;
  throw Failure(ErrorCode::kUnsupported,
                "“" + file.filename().string() + "” is neither a PyTorch checkpoint nor a safetensors file",
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
  } else {
    read_weights(path);
    const fs::path folder = path.parent_path();
    const std::string stem = path.stem().string();
    if (stem == "diffusion_pytorch_model") {
      config_ = text_of_first({folder / "config.json"});
      scheduler_ = text_of_first({folder / "scheduler_config.json", folder / "scheduler" / "scheduler_config.json",
                                  folder.parent_path() / "scheduler" / "scheduler_config.json"});
    }
  }
  drop_shared_prefix();
}

void Checkpoint::read_folder(const fs::path& folder) {
  const fs::path model = fs::is_directory(folder / "unet") ? folder / "unet" : folder;
  config_ = text_of_first({model / "config.json"});
  scheduler_ = text_of_first({model / "scheduler_config.json", folder / "scheduler" / "scheduler_config.json",
                              folder / "scheduler_config.json",
                              fs::absolute(model).lexically_normal().parent_path() / "scheduler" / "scheduler_config.json"});
  for (const char* file :
       {"diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.bin", "model.safetensors", "pytorch_model.bin"}) {
    if (fs::is_regular_file(model / file)) return read_weights(model / file);
  }
  throw Failure(ErrorCode::kNotFound, "the folder “" + name_ + "” holds no weights",
                "choose a folder with config.json and diffusion_pytorch_model.safetensors");
}

void Checkpoint::read_weights(const fs::path& file) {
  const std::string file_name = file.filename().string();
  source_ = open_source(file);
  if (kind_of(*source_, file) == Kind::kTorch) {
    torch_ = parse_torch_file(source_, file_name);
    take_torch(torch_.root, 0);
  } else {
    safetensors_ = parse_safetensors(source_, file_name);
    for (const auto& [name, tensor] : safetensors_.tensors) places_.emplace(name, &tensor);
  }
  if (places_.empty())
    throw Failure(ErrorCode::kUnsupported, "“" + file_name + "” holds no weights by name",
                  "choose a file with a model's state dict");
}

void Checkpoint::take_torch(const TorchValue& value, int depth) {
  const TorchDict* entries = value.dict();
  if (entries == nullptr || depth > 2) return;
  for (const auto& [key, entry] : *entries) {
    if (const TorchTensor* tensor = entry.tensor()) places_.emplace(key, tensor);
  }
  // A bare number beside the nests is no set of weights.
  if (places_.size() > 4) return;
  for (const char* nest : kNests) {
    const TorchValue* inner = value.find(nest);
    if (inner == nullptr || inner->dict() == nullptr) continue;
    places_.clear();
    take_torch(*inner, depth + 1);
    if (places_.empty()) continue;
    notes_.push_back("the weights under “" + std::string(nest) + "” were taken");
    return;
  }
}

void Checkpoint::drop_shared_prefix() {
  for (bool dropped = true; dropped;) {
    dropped = false;
    for (const std::string prefix : kPrefixes) {
      if (!std::all_of(places_.begin(), places_.end(), [&](const auto& place) { return place.first.starts_with(prefix); }))
        continue;
      std::map<std::string, Place> shorter;
      for (const auto& [name, place] : places_) shorter.emplace(name.substr(prefix.size()), place);
      places_ = std::move(shorter);
      dropped = true;
    }
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

const std::vector<std::int64_t>& Checkpoint::shape(const std::string& tensor) const {
  const auto found = places_.find(tensor);
  if (found == places_.end())
    throw Failure(ErrorCode::kUnsupported, "“" + name_ + "” has no weights called " + tensor,
                  "choose another family with --like, or check that the file is whole");
  return std::visit([](const auto* place) -> const std::vector<std::int64_t>& { return place->shape; }, found->second);
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

std::string Checkpoint::hash() const { return sha256_hex(*source_); }

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
    if (const auto* stored = std::get_if<const StoredTensor*>(&place)) {
      const StoredTensor& tensor = **stored;
      for (std::uint64_t at = 0; finite && at < tensor.size; at += kPiece) {
        finite = all_finite(tensor.dtype,
                            source_->part(safetensors_.data_begin + tensor.offset + at, std::min(kPiece, tensor.size - at)));
      }
    } else {
      const TorchTensor& tensor = *std::get<const TorchTensor*>(place);
      finite = all_finite(tensor.dtype, contiguous_bytes(*source_, tensor));
    }
    if (finite) continue;
    throw Failure(ErrorCode::kCorrupt, "the weights “" + name + "” of “" + name_ + "” hold infinite or undefined numbers",
                  "take an earlier checkpoint; this training went wrong");
  }
}

at::Tensor Checkpoint::tensor(const std::string& name) const {
  shape(name);  // that it is there
  const Place& place = places_.at(name);
  const at::Tensor stored = std::holds_alternative<const StoredTensor*>(place)
                                ? to_tensor(safetensors_, *std::get<const StoredTensor*>(place))
                                : to_tensor(torch_, *std::get<const TorchTensor*>(place));
  return stored.to(at::kFloat);
}

}  // namespace kiln
