#include <algorithm>
#include <cstdio>
#include <numeric>

#include "engine/formats/atlas/kinds.h"

// A SpriteFrames resource of Godot in its text form, an animation for each tag, whose frames are AtlasTextures of the sheet
// beside it: format 3 for Godot 4, format 2 for Godot 3. Godot 4 plays each frame for so many tenths of a second; Godot 3 knows one
// speed for all, at which a longer frame is listed several times.

namespace kiln {
namespace {

constexpr int kFrameMs = 100;  // of a frame whose duration is 1, in Godot 4
constexpr int kLeastMs = 10;   // to which durations are rounded for Godot 3

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 32 ? ' ' : c;
  }
  return out + "\"";
}

std::string rect_text(int x, int y, int width, int height) {
  return "Rect2(" + std::to_string(x) + ", " + std::to_string(y) + ", " + std::to_string(width) + ", " + std::to_string(height) +
         ")";
}

// Godot 4 names resources by texts, Godot 3 by numbers.
std::string id_of(std::size_t number, int version) {
  return version == 4 ? "\"" + std::to_string(number) + "\"" : std::to_string(number);
}

std::string texture_text(const AtlasFrame& frame, std::size_t number, int version) {
  std::string text = "[sub_resource type=\"AtlasTexture\" id=" + id_of(number, version) + "]\n";
  if (version == 4) text += "resource_name = " + quoted(frame.name) + "\n";
  text += "atlas = ExtResource(" + id_of(1, version) + ")\n";
  text += "region = " + rect_text(frame.area.x, frame.area.y, frame.area.width, frame.area.height) + "\n";
  if (frame.trimmed())
    text += "margin = " +
            rect_text(frame.place.x, frame.place.y, frame.full_width - frame.place.width, frame.full_height - frame.place.height) +
            "\n";
  return text + "filter_clip = true\n\n";
}

std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return std::string(text) + (std::string_view(text).find('.') == std::string_view::npos ? ".0" : "");
}

int rounded_ms(const AtlasFrame& frame) { return std::max(kLeastMs, (frame.milliseconds + kLeastMs / 2) / kLeastMs * kLeastMs); }

std::string animation_text(const AtlasSheet& sheet, const AtlasTag& tag, int version) {
  const std::vector<std::size_t> played = played_frames(sheet, tag);
  int unit_ms = version == 4 ? kFrameMs : 0;
  for (const std::size_t i : played) unit_ms = version == 4 ? unit_ms : std::gcd(unit_ms, rounded_ms(sheet.frames[i]));
  std::string frames;
  for (const std::size_t i : played) {
    const std::string texture = "SubResource(" + id_of(i + 1, version) + ")";
    const int times = version == 4 ? 1 : rounded_ms(sheet.frames[i]) / unit_ms;
    const std::string duration = decimal(static_cast<double>(sheet.frames[i].milliseconds) / kFrameMs);
    std::string frame = texture;
    if (version == 4) frame.insert(0, "{\n\"duration\": " + duration + ",\n\"texture\": ").append("\n}");
    for (int time = 0; time < times; ++time) frames.append(frames.empty() ? "" : ", ").append(frame);
  }
  const std::string name = quoted(tag.name.empty() ? "default" : tag.name);
  return "{\n\"frames\": [" + frames + "],\n\"loop\": true,\n\"name\": " + (version == 4 ? "&" : "") + name +
         ",\n\"speed\": " + decimal(1000.0 / unit_ms) + "\n}";
}

}  // namespace

std::string encode_godot(const AtlasSheet& sheet, int version) {
  std::string text = "[gd_resource type=\"SpriteFrames\" load_steps=" + std::to_string(sheet.frames.size() + 2) +
                     " format=" + std::to_string(version - 1) + "]\n\n[ext_resource type=\"" +
                     (version == 4 ? "Texture2D" : "Texture") + "\" path=" + quoted(sheet.image) + " id=" + id_of(1, version) +
                     "]\n\n";
  for (std::size_t i = 0; i < sheet.frames.size(); ++i) text += texture_text(sheet.frames[i], i + 1, version);
  std::string animations;
  for (const AtlasTag& tag : tags_of(sheet)) animations += (animations.empty() ? "" : ", ") + animation_text(sheet, tag, version);
  return text + "[resource]\nanimations = [" + animations + "]\n";
}

}  // namespace kiln
