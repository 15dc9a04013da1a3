#include "engine/formats/atlas/kinds.h"

// A style sheet: <span class="sprite potion_3"></span> shows a sprite of the sheet.

namespace kiln {
namespace {

// As it may stand in a selector (CSS Syntax Module Level 3, “serialize an identifier”).
std::string identifier(std::string_view name) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    const bool digit = c >= '0' && c <= '9', letter = (c | 32) >= 'a' && (c | 32) <= 'z';
    const bool plain = letter || c == '_' || c >= 128 || (digit && i > 0) || (c == '-' && i > 0);
    if (plain)
      out += name[i];
    else
      out += {'\\', kHex[c >> 4], kHex[c & 15], ' '};
  }
  return out;
}

std::string text_in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 32 ? ' ' : c;
  }
  return out + "\"";
}

std::string px(int value) { return value == 0 ? "0" : std::to_string(value) + "px"; }

}  // namespace

std::string encode_css(const AtlasSheet& sheet) {
  std::string text = ".sprite {\n  display: inline-block;\n  background-image: url(" + text_in_quotes(sheet.image) +
                     ");\n  background-repeat: no-repeat;\n  image-rendering: pixelated;\n}\n";
  for (const AtlasFrame& frame : sheet.frames) {
    text += "." + identifier(frame.name) + " { width: " + px(frame.area.width) + "; height: " + px(frame.area.height) +
            "; background-position: " + px(-frame.area.x) + " " + px(-frame.area.y) + ";";
    if (frame.trimmed())
      text += " margin: " + px(frame.place.y) + " " + px(frame.full_width - frame.place.x - frame.place.width) + " " +
              px(frame.full_height - frame.place.y - frame.place.height) + " " + px(frame.place.x) + ";";
    text += " }\n";
  }
  return text;
}

}  // namespace kiln
