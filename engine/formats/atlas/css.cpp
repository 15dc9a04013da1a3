#include <cstdio>

#include "engine/formats/atlas/kinds.h"

// A style sheet: <span class="sprite potion_3"></span> shows a sprite of the sheet, and <span class="sprite potion"></span> plays
// potions that are one animation.

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

std::string place_text(const AtlasFrame& frame) {
  return "background-position: " + px(-frame.area.x) + " " + px(-frame.area.y) + ";";
}

std::string played_text(const AtlasSheet& sheet, const AtlasTag& tag) {
  const std::vector<std::size_t> played = played_frames(sheet, tag);
  int total_ms = 0, before_ms = 0;
  for (const std::size_t i : played) total_ms += sheet.frames[i].milliseconds;
  const AtlasFrame& first = sheet.frames[tag.first];
  std::string text = "." + identifier(tag.name) + " { width: " + px(first.area.width) + "; height: " + px(first.area.height) +
                     "; animation: " + identifier(tag.name) + " " + std::to_string(total_ms) +
                     "ms step-end infinite; }\n@keyframes " + identifier(tag.name) + " {\n";
  for (const std::size_t i : played) {
    char percent[32];
    std::snprintf(percent, sizeof percent, "%.4g", 100.0 * before_ms / total_ms);
    text += std::string("  ") + percent + "% { " + place_text(sheet.frames[i]) + " }\n";
    before_ms += sheet.frames[i].milliseconds;
  }
  return text + "}\n";
}

}  // namespace

std::string encode_css(const AtlasSheet& sheet) {
  std::string text = ".sprite {\n  display: inline-block;\n  background-image: url(" + text_in_quotes(sheet.image) +
                     ");\n  background-repeat: no-repeat;\n  image-rendering: pixelated;\n}\n";
  for (const AtlasFrame& frame : sheet.frames) {
    text += "." + identifier(frame.name) + " { width: " + px(frame.area.width) + "; height: " + px(frame.area.height) + "; " +
            place_text(frame);
    if (frame.trimmed())
      text += " margin: " + px(frame.place.y) + " " + px(frame.full_width - frame.place.x - frame.place.width) + " " +
              px(frame.full_height - frame.place.y - frame.place.height) + " " + px(frame.place.x) + ";";
    text += " }\n";
  }
  for (const AtlasTag& tag : tags_of(sheet)) {
    if (tag.animated && !tag.name.empty()) text += played_text(sheet, tag);
  }
  return text;
}

}  // namespace kiln
