#include "engine/api/strengths.h"

#include <algorithm>

namespace kiln {

std::vector<SampleRequest> spread_strengths(const SampleRequest& request, double from, double to,
                                            const std::vector<std::string>& classes) {
  const ParamSpec& strength = find_spec(init_image_specs(), "strength", "init image");
  const ParamMap& shared = request.settings.shared_params;
  const std::int64_t count = get_int(shared, "count");
  const std::uint64_t seed = get_seed(shared, "seed");
  std::vector<SampleRequest> each;
  for (std::int64_t i = 0; i < count; ++i) {
    SampleRequest one = request;
    one.settings.shared_params["count"] = std::int64_t{1};
    one.settings.shared_params["seed"] = whole_number(seed + static_cast<std::uint64_t>(i));
    const auto place = static_cast<std::size_t>(i);
    if (!request.conditions.empty()) {
      one.conditions = {request.conditions[place % request.conditions.size()]};
    } else if (!classes.empty()) {
      one.conditions = {{{classes[place % classes.size()], 1}}};
    }
    const double part = count > 1 ? static_cast<double>(i) / static_cast<double>(count - 1) : 1;
    one.settings.init_params["strength"] = std::clamp(from + (to - from) * part, strength.min, strength.max);
    each.push_back(std::move(one));
  }
  return each;
}

}  // namespace kiln
