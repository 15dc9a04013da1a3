#include "engine/formats/palette_file.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return kiln::fuzz::read([&] {
    const kiln::Palette palette = kiln::parse_palette(kiln::fuzz::text(data, size), "fuzz");
    for (const auto format : {kiln::PaletteFormat::kGimp, kiln::PaletteFormat::kHex, kiln::PaletteFormat::kJasc})
      kiln::encode_palette(palette, format);
  });
}
