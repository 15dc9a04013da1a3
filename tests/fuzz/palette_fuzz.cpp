#include "engine/formats/palette_file.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return kiln::fuzz::read([&] { kiln::parse_palette(kiln::fuzz::text(data, size), "fuzz"); });
}
