#include "engine/api/data_file.h"

#include <filesystem>

#include "engine/api/export.h"

namespace kiln {

const std::vector<AtlasKind>& atlas_kinds() {
  static const std::vector<AtlasKind> kinds = {
      {kNoAtlas, "Nothing, the picture alone", ""},
      {"aseprite-hash", "Aseprite's JSON, by name", ".json"},
      {"aseprite-array", "Aseprite's JSON, a list", ".json"},
      {"tiled", "Tiled, .tsx", ".tsx"},
      {"godot", "Godot 4, .tres", ".tres"},
      {"godot3", "Godot 3, .tres", ".tres"},
      {"unity", "Unity, .png.meta", ".png.meta"},
      {"css", "A web page, .css", ".css"},
  };
  return kinds;
}

std::string data_file(std::string_view atlas, std::string_view image) {
  for (const AtlasKind& kind : atlas_kinds()) {
    if (kind.id != atlas || kind.ending.empty()) continue;
    // Unity wants the image's own name, in its own letters.
    if (kind.id == "unity") return std::string(image) + ".meta";
    return std::filesystem::path(image).replace_extension(kind.ending).string();
  }
  return {};
}

}  // namespace kiln
