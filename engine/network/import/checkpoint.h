#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "engine/formats/safetensors.h"
#include "engine/formats/torch_file.h"

namespace kiln {

// Another project's weights by name, still in their file, with the JSON texts that lie beside them.
class Checkpoint {
 public:
  // A PyTorch file, a safetensors file, or a diffusers folder (a model's, or a pipeline's with `unet` and `scheduler`). Weights
  // nested under `ema`, `model`, `state_dict` and the like are found; a prefix that all names share is dropped. Reads names and
  // shapes alone. Throws Failure: kNotFound, kUnreadable, kCorrupt, kUnsupported (no tensors in it, something else than tensors).
  explicit Checkpoint(const std::filesystem::path& path);

  const std::string& name() const { return name_; }            // what errors call it
  std::string hash() const;                                    // SHA-256 of the weights' file, hex; reads all of it
  double elements() const;                                     // numbers in all tensors
  const std::string& config() const { return config_; }        // config.json, "" if there is none
  const std::string& scheduler() const { return scheduler_; }  // scheduler_config.json, "" if there is none
  const std::vector<std::string>& notes() const { return notes_; }

  bool has(const std::string& tensor) const { return places_.contains(tensor); }
  bool has_any(const std::string& prefix) const;
  std::vector<std::string> names() const;
  // Throw Failure(kUnsupported) if there is no such tensor, or none of that many dimensions.
  const std::vector<std::int64_t>& shape(const std::string& tensor) const;
  int size(const std::string& tensor, std::size_t dimension) const;
  // How many of prefix0, prefix1, … there are, at most 64.
  int count(const std::string& prefix, const std::string& suffix) const;

  // Reads every tensor, piece by piece. Throws Failure(kCorrupt), naming one, for infinite or undefined numbers.
  void check_numbers() const;

  // Copied as fp32.
  at::Tensor tensor(const std::string& name) const;

 private:
  using Place = std::variant<const StoredTensor*, const TorchTensor*>;

  void read_folder(const std::filesystem::path& folder);
  void read_weights(const std::filesystem::path& file);
  void take_torch(const TorchValue& value, int depth);
  void drop_shared_prefix();

  std::string name_, config_, scheduler_;
  std::vector<std::string> notes_;
  std::shared_ptr<const ByteSource> source_;
  Safetensors safetensors_;
  TorchFile torch_;
  std::map<std::string, Place> places_;
};

}  // namespace kiln
