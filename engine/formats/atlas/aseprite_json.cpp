#include <nlohmann/json.hpp>

#include "engine/formats/atlas/kinds.h"
#include "engine/formats/frame_tags.h"

// As Aseprite's “Export Sprite Sheet” writes it, with a tag for each class and each animation, and in the tag's user data what
// sprite_source.cpp reads back: read by Phaser, PixiJS, MonoGame, Bevy, Defold and others.

namespace kiln {
namespace {

using Json = nlohmann::ordered_json;

Json rect_json(const Rect& rect) { return {{"x", rect.x}, {"y", rect.y}, {"w", rect.width}, {"h", rect.height}}; }

Json frame_json(const AtlasFrame& frame) {
  return {{"frame", rect_json(frame.area)},
          {"rotated", false},
          {"trimmed", frame.trimmed()},
          {"spriteSourceSize", rect_json(frame.place)},
          {"sourceSize", {{"w", frame.full_width}, {"h", frame.full_height}}},
          {"duration", frame.milliseconds}};
}

// The class is told where the whole tag is of one.
TagData data_of(const AtlasSheet& sheet, const AtlasTag& tag) {
  TagData data{tag.animated, sheet.frames[tag.first].class_name};
  for (std::size_t i = tag.first; i <= tag.last; ++i) {
    if (sheet.frames[i].class_name != data.class_name) return {tag.animated, {}};
  }
  return data;
}

Json meta_json(const AtlasSheet& sheet) {
  Json tags = Json::array();
  for (const AtlasTag& tag : tags_of(sheet)) {
    if (tag.name.empty()) continue;
    tags.push_back({{"name", tag.name},
                    {"from", tag.first},
                    {"to", tag.last},
                    {"direction", sheet.ping_pong ? "pingpong" : "forward"},
                    {"color", "#000000ff"},
                    {"data", text_of(data_of(sheet, tag))}});
  }
  return {{"app", "Spritekiln"},
          {"version", "1.3"},
          {"image", sheet.image},
          {"format", sheet.indexed ? "I8" : "RGBA8888"},
          {"size", {{"w", sheet.width}, {"h", sheet.height}}},
          {"scale", "1"},
          {"frameTags", std::move(tags)}};
}

}  // namespace

std::string encode_aseprite_json(const AtlasSheet& sheet, bool as_array) {
  Json frames = as_array ? Json::array() : Json::object();
  for (const AtlasFrame& frame : sheet.frames) {
    if (as_array) {
      Json entry = {{"filename", frame.name}};
      entry.update(frame_json(frame));
      frames.push_back(std::move(entry));
    } else {
      frames[frame.name] = frame_json(frame);
    }
  }
  const Json document = {{"frames", std::move(frames)}, {"meta", meta_json(sheet)}};
  return document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace kiln
