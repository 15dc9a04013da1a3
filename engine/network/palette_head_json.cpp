#include "engine/network/palette_head_json.h"

#include <cstdint>

namespace kiln {

nlohmann::json palette_head_to_json(const PaletteEntries& entries) {
  nlohmann::json document = nlohmann::json::array();
  for (const Rgba8& entry : entries) {
    document.push_back({entry.r, entry.g, entry.b});
    if (entry.a != 255) document.back().push_back(entry.a);
  }
  return document;
}

PaletteEntries palette_head_from_json(const nlohmann::json& document) {
  PaletteEntries entries;
  for (const auto& entry : document) {
    const auto number = [&](std::size_t i) { return entry.at(i).get<std::uint8_t>(); };
    entries.push_back({number(0), number(1), number(2), entry.size() > 3 ? number(3) : std::uint8_t{255}});
  }
  return entries;
}

}  // namespace kiln
