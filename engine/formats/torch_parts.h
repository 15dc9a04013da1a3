#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "engine/base/byte_source.h"
#include "engine/formats/pickle.h"

namespace kiln {

struct ByteRange {
  std::uint64_t offset = 0, size = 0;  // in the file
};

// What a checkpoint of PyTorch consists of: the objects, and the storages that their tensors are views into, by key.
struct TorchParts {
  Pickle pickle;
  std::map<std::string, ByteRange> storages;
};

// The type of a storage's elements as safetensors calls it ("F32" for "torch.FloatStorage"); "" for other globals.
std::string_view storage_dtype(std::string_view global);

// Whether the first bytes are those of torch.save's pickles before PyTorch 1.6, of protocol 2 to 5.
bool is_legacy_torch_file(const ByteSource& source);

// Of a ZIP archive, as torch.save writes it since PyTorch 1.6, or of pickles that follow each other, as before. Throws Failure:
// kCorrupt, kUnsupported (another archive, a TorchScript archive, big-endian numbers), and as read_pickle and the source do.
TorchParts torch_parts(const ByteSource& source, std::string_view name);

}  // namespace kiln
