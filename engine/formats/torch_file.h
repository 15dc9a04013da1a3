#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/file.h"

namespace kiln {

// A view into a storage of a PyTorch file. Every element it can reach lies inside the storage.
struct TorchTensor {
  std::string dtype;  // named as in safetensors: "F32", "F16", "BF16", "F64", "I64", "I32", "I16", "I8", "U8", "BOOL"
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;      // in elements, none negative
  std::int64_t offset = 0;                // in elements
  std::span<const std::uint8_t> storage;  // into TorchFile::bytes
};

struct TorchValue;
using TorchList = std::vector<TorchValue>;                          // lists and tuples
using TorchDict = std::vector<std::pair<std::string, TorchValue>>;  // in the file's order; whole-number keys as decimal text

// What a checkpoint may hold; the first alternative is None.
struct TorchValue {
  std::variant<std::monostate, bool, std::int64_t, double, std::string, TorchTensor, TorchList, TorchDict> content;

  const TorchTensor* tensor() const { return std::get_if<TorchTensor>(&content); }
  const TorchDict* dict() const { return std::get_if<TorchDict>(&content); }
  // The value under `key`; null if this is no dict or has no such key.
  const TorchValue* find(std::string_view key) const;
};

struct TorchFile {
  Bytes bytes;
  TorchValue root;

  TorchFile() = default;
  TorchFile(TorchFile&&) = default;
  TorchFile& operator=(TorchFile&&) = default;
};

// Reads what torch.save writes since PyTorch 1.6. Its pickle is read as data: it may build tensors, dicts, lists, tuples, numbers
// and texts, and anything else it names (a function, a class) is refused by that name; nothing is ever called. All claims are
// checked against the file's size before memory is taken. `name` is what errors call the file. Throws Failure: kCorrupt (cut off,
// not such a file, claims that do not fit), kUnsupported (well-formed, but not only tensors).
TorchFile parse_torch_file(Bytes bytes, std::string_view name);

// Throws as read_file and parse_torch_file do.
TorchFile read_torch_file(const std::filesystem::path& path);

// The tensor's elements in C order.
Bytes contiguous_bytes(const TorchTensor& tensor);

}  // namespace kiln
