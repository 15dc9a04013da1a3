#include <algorithm>
#include <cstdint>
#include <limits>

#include "engine/base/error.h"
#include "engine/formats/atlas/kinds.h"

// A tileset of Tiled (the TMX map format, <tileset>): of one image, or of a collection of images where each sprite has a file.

namespace kiln {
namespace {

std::string number(long long value) { return std::to_string(value); }

// For an attribute; control characters cannot stand in XML 1.0.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += static_cast<unsigned char>(c) < 32 ? ' ' : c;
  }
  return out;
}

// Tiled's whole numbers have 32 bits.
const char* type_of(const ParamValue& value) {
  if (std::holds_alternative<bool>(value)) return " type=\"bool\"";
  if (std::holds_alternative<double>(value)) return " type=\"float\"";
  const auto* whole = std::get_if<std::int64_t>(&value);
  const bool fits =
      whole && *whole >= std::numeric_limits<std::int32_t>::min() && *whole <= std::numeric_limits<std::int32_t>::max();
  return fits ? " type=\"int\"" : "";
}

// Of the tiles `ids` of all frames; empty unless frame `first` begins an animation.
std::string played_text(const AtlasSheet& sheet, std::size_t first, const std::vector<long long>& ids) {
  for (const AtlasTag& tag : tags_of(sheet)) {
    if (!tag.animated || tag.first != first) continue;
    std::string text = "  <animation>\n";
    for (const std::size_t i : played_frames(sheet, tag))
      text += "   <frame tileid=\"" + number(ids[i]) + "\" duration=\"" + number(sheet.frames[i].milliseconds) + "\"/>\n";
    return text + "  </animation>\n";
  }
  return {};
}

std::string tile_text(const AtlasFrame& frame, long long id, const std::string& animation) {
  std::string inside;
  if (!frame.properties.empty()) {
    inside += "  <properties>\n";
    for (const auto& [key, value] : frame.properties)
      inside += "   <property name=\"" + escaped(key) + "\"" + type_of(value) + " value=\"" + escaped(to_string(value)) + "\"/>\n";
    inside += "  </properties>\n";
  }
  if (!frame.image.empty())
    inside += "  <image width=\"" + number(frame.area.width) + "\" height=\"" + number(frame.area.height) + "\" source=\"" +
              escaped(frame.image) + "\"/>\n";
  inside += animation;
  const std::string type = frame.class_name.empty() ? "" : " type=\"" + escaped(frame.class_name) + "\"";
  if (inside.empty() && type.empty()) return {};
  return " <tile id=\"" + number(id) + "\"" + type + (inside.empty() ? "/>\n" : ">\n" + inside + " </tile>\n");
}

void refuse_trimmed(const AtlasSheet& sheet) {
  for (const AtlasFrame& frame : sheet.frames) {
    if (frame.trimmed())
      throw Failure(ErrorCode::kInvalidArgument, "tiles of Tiled are all of one size, and these are trimmed", "leave out “trim”");
  }
}

std::string name_of(const AtlasSheet& sheet) {
  return sheet.image.empty() ? "sprites" : sheet.image.substr(0, sheet.image.rfind('.'));
}

}  // namespace

std::string encode_tiled(const AtlasSheet& sheet) {
  const bool collection = sheet.image.empty();
  if (!collection) refuse_trimmed(sheet);
  int width = 0, height = 0;
  for (const AtlasFrame& frame : sheet.frames) {
    width = std::max(width, frame.area.width);
    height = std::max(height, frame.area.height);
  }
  // Tiled counts the tiles that fit into the image, room on the right and below included.
  const int step_x = width + sheet.spacing, step_y = height + sheet.spacing;
  const int columns = collection ? 0 : (sheet.width - sheet.margin + sheet.spacing) / step_x;
  const int rows = collection ? 0 : (sheet.height - sheet.margin + sheet.spacing) / step_y;
  const long long count = collection ? static_cast<long long>(sheet.frames.size()) : 1LL * columns * rows;
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tileset version=\"1.8\" name=\"" + escaped(name_of(sheet)) +
                     "\" tilewidth=\"" + number(width) + "\" tileheight=\"" + number(height) + "\"";
  if (sheet.spacing > 0) text += " spacing=\"" + number(sheet.spacing) + "\"";
  if (sheet.margin > 0) text += " margin=\"" + number(sheet.margin) + "\"";
  text += " tilecount=\"" + number(count) + "\" columns=\"" + number(columns) + "\">\n";
  if (collection)
    text += " <grid orientation=\"orthogonal\" width=\"1\" height=\"1\"/>\n";
  else
    text += " <image source=\"" + escaped(sheet.image) + "\" width=\"" + number(sheet.width) + "\" height=\"" +
            number(sheet.height) + "\"/>\n";
  std::vector<long long> ids;
  for (const AtlasFrame& frame : sheet.frames) {
    const Rect& area = frame.area;
    const long long place = 1LL * ((area.y - sheet.margin) / step_y) * columns + (area.x - sheet.margin) / step_x;
    ids.push_back(collection ? static_cast<long long>(ids.size()) : place);
  }
  for (std::size_t i = 0; i < sheet.frames.size(); ++i) text += tile_text(sheet.frames[i], ids[i], played_text(sheet, i, ids));
  return text + "</tileset>\n";
}

}  // namespace kiln
