#include "engine/formats/torch_file.h"
#include "target.h"

namespace {

void read_all(const kiln::ByteSource& source, const kiln::TorchValue& value) {
  if (const auto* tensor = value.tensor()) kiln::contiguous_bytes(source, *tensor);
  if (const auto* entries = value.dict()) {
    for (const auto& [key, entry] : *entries) read_all(source, entry);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return kiln::fuzz::read([&] {
    const kiln::TorchFile file = kiln::parse_torch_file(kiln::Bytes(data, data + size), "fuzz");
    read_all(*file.source, file.root);
  });
}
