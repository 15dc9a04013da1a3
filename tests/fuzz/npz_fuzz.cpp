#include "engine/formats/npz.h"

#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return kiln::fuzz::read([&] { kiln::parse_npz(*kiln::memory_source({data, data + size}), "fuzz.npz"); });
}
