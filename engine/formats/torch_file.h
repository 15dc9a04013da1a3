#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/byte_source.h"

namespace kiln {

// A view into a storage of a PyTorch file. Every element it can reach lies inside the storage.
struct TorchTensor {
  std::string dtype;  // named as in safetensors: "F32", "F16", "BF16", "F64", "I64", "I32", "I16", "I8", "U8", "BOOL"
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;  // in elements, none negative
  std::int64_t offset = 0;            // in elements
  std::uint64_t storage_begin = 0;    // in the file
  std::uint64_t storage_size = 0;     // bytes
};

struct TorchValue;
struct TorchEntry;
using TorchList = std::vector<TorchValue>;  // lists and tuples
using TorchDict = std::vector<TorchEntry>;  // in the file's order

// What a checkpoint may hold; the first alternative is None.
struct TorchValue {
  std::variant<std::monostate, bool, std::int64_t, double, std::string, TorchTensor, TorchList, TorchDict> content;

  const TorchTensor* tensor() const;  // null if it is something else
  const TorchDict* dict() const;
  // The value under `key`; null if this is no dict or has no such key.
  const TorchValue* find(std::string_view key) const;
};

struct TorchEntry {
  std::string key;  // whole numbers as decimal text
  TorchValue value;
};

// What a file holds; the tensors' bytes stay where they are until they are asked for.
struct TorchFile {
  std::shared_ptr<const ByteSource> source;
  TorchValue root;
};

// Reads what torch.save writes, since PyTorch 1.6 and before. Its pickle is read as data: it may build tensors, dicts, lists,
// tuples, numbers and texts, and anything else it names (a function, a class) is refused by that name; nothing is ever called. All
// claims are checked against the file's size before memory is taken. `name` is what errors call the file. Throws Failure: kCorrupt
// (cut off, not such a file, claims that do not fit), kUnsupported (well-formed, but not only tensors), and as the source does.
TorchFile parse_torch_file(std::shared_ptr<const ByteSource> source, std::string_view name);
TorchFile parse_torch_file(Bytes bytes, std::string_view name);

// The tensor's elements in C order. Throws Failure(kCorrupt) if it reaches outside its storage, and as the source does.
Bytes contiguous_bytes(const ByteSource& source, const TorchTensor& tensor);

}  // namespace kiln
