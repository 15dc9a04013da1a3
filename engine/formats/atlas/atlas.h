#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/param_spec.h"
#include "engine/base/rect.h"

namespace kiln {

// A sprite in a sheet, as a data file tells of it. Pixels of the sheet.
struct AtlasFrame {
  std::string name;        // of its own among all: "potion_3"
  std::string class_name;  // empty: none
  Rect area;               // with inner padding
  Rect place;              // of what is drawn there, without inner padding, within the whole sprite
  int full_width = 0;      // of the whole sprite
  int full_height = 0;
  ParamMap properties;     // what else is known of it: how it was made
  std::string image;       // the file of its own where there is no sheet; else empty
  int milliseconds = 100;  // how long it stands where it is played
  std::string tag = {};    // of what is played as one, whose frames follow each other; empty: its class
  bool animated = false;   // that is an animation, not different sprites of a class

  const std::string& played_as() const { return tag.empty() ? class_name : tag; }
  bool trimmed() const { return place.width != full_width || place.height != full_height; }
  int inner() const { return (area.width - place.width) / 2; }
};

struct AtlasSheet {
  std::string image;  // the sheet's file, without folder; empty where each frame has one
  int width = 0, height = 0;
  bool indexed = false;
  std::string hash;             // SHA-256 of that file, hex
  int margin = 0, spacing = 0;  // before the first frame, and between two, where they are all of one size
  std::vector<AtlasFrame> frames;
  bool ping_pong = false;  // played forth and back
};

// The content of the data file of a kind: “aseprite-hash”, “aseprite-array”, “tiled”, “godot”, “godot3”, “unity”, “css”. `before`:
// what the file holds already, of which Unity's GUID is kept. Throws Failure(kInvalidArgument) for an unknown kind, and for what
// the kind cannot tell: trimmed sprites in “tiled”, files without a sheet in all others.
std::string encode_atlas(std::string_view kind, const AtlasSheet& sheet, std::string_view before = {});

}  // namespace kiln
