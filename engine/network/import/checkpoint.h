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
#include "engine/formats/weight_files.h"

namespace kiln {

// Another project's weights by name, still in their files, with the JSON texts that lie beside them.
class Checkpoint {
 public:
  // A PyTorch file, a safetensors file, or a diffusers folder (a model's, or a pipeline's with `unet` and `scheduler`; its weights
  // in one file or in parts with an index). Reads names and shapes alone. Throws Failure: kNotFound, kUnreadable, kCorrupt,
  // kUnsupported (no tensors in it, something else than tensors).
  explicit Checkpoint(const std::filesystem::path& path);

  const std::string& name() const { return name_; }            // what errors call it
  std::string hash() const;                                    // SHA-256 of the weights' file, hex; reads all of it
  double elements() const;                                     // numbers in all tensors
  const std::string& config() const { return config_; }        // config.json, "" if there is none
  const std::string& scheduler() const { return scheduler_; }  // scheduler_config.json, "" if there is none
  const std::vector<std::string>& notes() const { return notes_; }

  // Beginnings of names that a network's could have before them ("", "model.", "ema.module."), those that say of averaged weights
  // first, then shorter ones.
  std::vector<std::string> prefixes() const;
  // Takes the tensors of this prefix alone, without dicts that are nested further, and their names without it. The tables of a
  // schedule and counters of a wrapper, which stand beside a network or within it, are passed over.
  void take(const std::string& prefix);

  bool has(const std::string& tensor) const { return places_.contains(tensor); }
  bool has_any(const std::string& prefix) const;
  std::vector<std::string> names() const;
  std::vector<std::string> names_in_file() const;  // of all tensors, whatever was taken
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
  // A file of weights.
  struct Part {
    std::string file;
    std::shared_ptr<const ByteSource> source;
    Safetensors safetensors;
    TorchFile torch;
  };
  struct Place {
    const Part* part = nullptr;
    std::variant<const StoredTensor*, const TorchTensor*> tensor;
    std::size_t nested = 0;  // letters of its name that are keys of dicts around its own
  };

  void read_folder(const std::filesystem::path& folder);
  void read_index(const std::filesystem::path& index);
  void read_weights(const std::filesystem::path& file);
  void take_torch(const Part& part, const TorchValue& value, const std::string& before, int depth);
  void add(const std::string& tensor, const Place& place);
  void restore_dots();

  std::string name_, config_, scheduler_;
  std::vector<std::string> notes_;
  std::vector<std::unique_ptr<const Part>> parts_;
  std::map<std::string, Place> all_, places_;  // of the files, and those taken
  WeightMap index_;                            // of the index, if there is one
  std::size_t repeated_ = 0;                   // tensors that several parts hold
};

}  // namespace kiln
