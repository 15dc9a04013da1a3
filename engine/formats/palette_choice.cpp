#include "engine/formats/palette_choice.h"

#include <algorithm>
#include <cstdio>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/formats/palette_file.h"

namespace kiln {

PaletteChoice read_palette_choice(const std::string& text) {
  if (text.starts_with('#')) {
    std::string lines = text;
    std::replace(lines.begin(), lines.end(), ',', '\n');
    return {0, parse_palette(lines, text.substr(0, 8) + "…")};
  }
  if (!text.starts_with(kFittedPalette)) return {0, read_palette(text)};
  const auto count = parse_int(std::string_view(text).substr(kFittedPalette.size()));
  if (!count || *count < 1 || *count > 256) {
    throw Failure(ErrorCode::kInvalidArgument, "“" + text + "” is no palette",
                  "write auto:16 for 16 colours, at most 256, or the name of a palette file (.gpl .hex .pal .act .aseprite .png)");
  }
  return {static_cast<int>(*count), {}};
}

std::string colours_text(const Palette& palette) {
  std::string text;
  for (const Rgb8& colour : palette.colours) {
    char hex[8];
    std::snprintf(hex, sizeof hex, "#%02x%02x%02x", colour.r, colour.g, colour.b);
    text += (text.empty() ? "" : ",") + std::string(hex);
  }
  return text;
}

}  // namespace kiln
