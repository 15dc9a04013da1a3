#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/base/param_spec.h"

// Parameters as JSON, everywhere in the program: `json = values` and `json.get<ParamMap>()`, a flat object. Reading throws
// nlohmann::json::type_error for a value that is neither a number, a text nor true or false.
template <>
struct nlohmann::adl_serializer<kiln::ParamValue, void> {
  static void to_json(json& out, const kiln::ParamValue& value);
  static void from_json(const json& in, kiln::ParamValue& value);
};
