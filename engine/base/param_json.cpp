#include "engine/base/param_json.h"

#include <limits>
#include <nlohmann/json.hpp>

namespace nlohmann {

void adl_serializer<kiln::ParamValue, void>::to_json(json& out, const kiln::ParamValue& value) {
  std::visit([&](const auto& held) { out = held; }, value);
}

void adl_serializer<kiln::ParamValue, void>::from_json(const json& in, kiln::ParamValue& value) {
  constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const bool too_large = in.is_number_unsigned() && in.get<std::uint64_t>() > kLargest;
  if (in.is_boolean())
    value = in.get<bool>();
  else if (in.is_number_integer() && !too_large)
    value = in.get<std::int64_t>();
  else if (in.is_number())
    value = in.get<double>();
  else
    value = in.get<std::string>();
}

}  // namespace nlohmann
