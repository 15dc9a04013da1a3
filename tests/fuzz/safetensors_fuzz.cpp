#include "engine/formats/safetensors.h"

#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return kiln::fuzz::read([&] {
    const kiln::Safetensors file = kiln::parse_safetensors(kiln::Bytes(data, data + size), "fuzz");
    unsigned sum = 0;
    for (const auto& [name, tensor] : file.tensors) {
      for (const auto byte : file.bytes_of(tensor)) sum += byte;
    }
    volatile unsigned kept = sum;
    static_cast<void>(kept);
  });
}
