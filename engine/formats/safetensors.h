#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/byte_source.h"

namespace kiln {

// A tensor in a safetensors file: C order, little-endian.
struct StoredTensor {
  std::string
      dtype;  // "F32", "F16", "BF16", "F64", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL", "F8_E4M3", "F8_E5M2"
  std::vector<std::int64_t> shape;
  std::size_t offset = 0;  // from the first tensor's begin
  std::size_t size = 0;    // bytes
};

// A file's table of contents; the tensors' bytes stay where they are until they are asked for.
struct Safetensors {
  std::map<std::string, std::string> metadata;
  std::map<std::string, StoredTensor> tensors;
  std::size_t data_size = 0;  // bytes of all tensors
  std::uint64_t data_begin = 0;
  std::shared_ptr<const ByteSource> source;

  // Throws Failure as the source does.
  Bytes bytes_of(const StoredTensor& tensor) const { return source->part(data_begin + tensor.offset, tensor.size); }
};

// A tensor to write; `bytes` must stay alive until it is encoded.
struct TensorView {
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::span<const std::uint8_t> bytes;
};

// Bytes per element; zero for a name that the format does not have.
std::size_t safetensors_item_size(std::string_view dtype);

// Reads the header, strictly: it may have 100 MB and no key twice; the tensors must fill the rest of the file without gap or
// overlap, each exactly as large as its dtype and shape say. Nothing is allocated by a claim before it was checked against the
// file's size. `name` is what errors call the file. Throws Failure: kCorrupt, kUnsupported (a type of numbers, a longer header),
// and as the source does.
Safetensors parse_safetensors(std::shared_ptr<const ByteSource> source, std::string_view name);
Safetensors parse_safetensors(Bytes bytes, std::string_view name);

// Throws as open_source and parse_safetensors do.
Safetensors read_safetensors(const std::filesystem::path& path);

// The same content gives the same bytes: tensors by falling item size, then by name, so that each is aligned to its items.
// Throws Failure(kInvalidArgument) for a dtype the format does not have, bytes that do not fit the shape, names that are not UTF-8.
Bytes encode_safetensors(const std::map<std::string, std::string>& metadata, const std::map<std::string, TensorView>& tensors);

}  // namespace kiln
