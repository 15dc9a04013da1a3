#include "engine/formats/weight_files.h"

#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return kiln::fuzz::read([&] { kiln::parse_weight_index(kiln::fuzz::text(data, size), "fuzz.index.json"); });
}
