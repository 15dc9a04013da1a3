#include "engine/formats/npy.h"

#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return kiln::fuzz::read([&] { kiln::to_doubles(kiln::parse_npy({data, size}, "fuzz")); });
}
