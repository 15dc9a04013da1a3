#include "engine/formats/torch_file.h"
#include "target.h"

namespace {

void read_all(const kiln::TorchValue& value) {
  if (const auto* tensor = value.tensor()) kiln::contiguous_bytes(*tensor);
  if (const auto* entries = value.dict()) {
    for (const auto& [name, entry] : *entries) read_all(entry);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return kiln::fuzz::read([&] { read_all(kiln::parse_torch_file(kiln::Bytes(data, data + size), "fuzz").root); });
}
