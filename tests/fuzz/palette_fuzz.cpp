#include "engine/formats/palette_binary.h"
#include "engine/formats/palette_file.h"
#include "engine/formats/text_encoding.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return kiln::fuzz::read([&] {
    if (kiln::parse_binary_palette({data, size}, "fuzz.act")) return;
    kiln::parse_palette(kiln::as_utf8({data, size}, "fuzz"), "fuzz");
  });
}
