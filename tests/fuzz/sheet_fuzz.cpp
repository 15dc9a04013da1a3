#include "engine/formats/sheet.h"

#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return kiln::fuzz::read([&] {
    kiln::Image sheet(48, 32);
    for (auto& value : sheet.rgba) value = 255;
    const auto json = kiln::fuzz::text(data, size);
    std::vector<std::string> notes;
    kiln::aseprite_sheet("/tmp/fuzz.json", json, notes);
    kiln::slice_aseprite_sheet(sheet, json, "fuzz", notes);
  });
}
