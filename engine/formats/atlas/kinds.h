#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/formats/atlas/atlas.h"

namespace kiln {

// One for each program; each is documented in its own source.
std::string encode_aseprite_json(const AtlasSheet& sheet, bool as_array);
std::string encode_tiled(const AtlasSheet& sheet);
std::string encode_godot(const AtlasSheet& sheet, int version);  // 3 or 4
std::string encode_unity(const AtlasSheet& sheet, std::string_view before);
std::string encode_css(const AtlasSheet& sheet);

// Frames that are played as one, in their order.
struct AtlasTag {
  std::string name;  // empty: of no class
  std::size_t first = 0, last = 0;
  bool animated = false;  // more than one frame, of an animation
};
std::vector<AtlasTag> tags_of(const AtlasSheet& sheet);

// The frames of a tag as one round of it is played, for programs that only play forth.
std::vector<std::size_t> played_frames(const AtlasSheet& sheet, const AtlasTag& tag);

}  // namespace kiln
