#include "engine/formats/sheet_json.h"

#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return kiln::fuzz::read([&] {
    kiln::Image image(48, 32);
    for (auto& value : image.rgba) value = 255;
    std::vector<std::string> notes;
    for (const auto& sheet : kiln::read_sheet_json(kiln::fuzz::text(data, size), "fuzz", notes)) {
      kiln::cut_frames(image, sheet, "fuzz", notes);
      kiln::sheet_image("/tmp/fuzz.json", sheet, notes);
    }
  });
}
