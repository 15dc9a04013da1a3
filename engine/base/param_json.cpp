#include "engine/base/param_json.h"

#include <nlohmann/json.hpp>

namespace nlohmann {

void adl_serializer<kiln::ParamValue, void>::to_json(json& out, const kiln::ParamValue& value) {
  std::visit([&](const auto& held) { out = held; }, value);
}

void adl_serializer<kiln::ParamValue, void>::from_json(const json& in, kiln::ParamValue& value) {
  if (in.is_boolean())
    value = in.get<bool>();
  else if (in.is_number_unsigned())
    value = kiln::whole_number(in.get<std::uint64_t>());
  else if (in.is_number_integer())
    value = in.get<std::int64_t>();
  else if (in.is_number())
    value = in.get<double>();
  else
    value = in.get<std::string>();
}

}  // namespace nlohmann
