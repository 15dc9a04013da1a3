#pragma once

#include <nlohmann/json.hpp>

#include "engine/base/palette_head.h"

namespace kiln {

// [[r, g, b] or, not opaque, [r, g, b, a], …]
nlohmann::json palette_head_to_json(const PaletteEntries& entries);
PaletteEntries palette_head_from_json(const nlohmann::json& document);  // throws nlohmann::json::exception

}  // namespace kiln
