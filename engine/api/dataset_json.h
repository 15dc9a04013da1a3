#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/api/dataset.h"

namespace kiln {

// As data.json and settings.json hold them. A key that is missing leaves the default; older forms are read as well. from_json
// throws nlohmann::json::exception.
void to_json(nlohmann::json& out, const CellGrid& grid);
void from_json(const nlohmann::json& in, CellGrid& grid);

void to_json(nlohmann::json& out, const SpriteSource& source);
void from_json(const nlohmann::json& in, SpriteSource& source);

void to_json(nlohmann::json& out, const Preprocessing& preprocessing);
void from_json(const nlohmann::json& in, Preprocessing& preprocessing);

}  // namespace kiln
