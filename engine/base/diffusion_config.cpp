#include "engine/base/diffusion_config.h"

#include <algorithm>

#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

// The place of a name in the list, which is in the order of its enumeration.
std::size_t place_of(std::string_view name, const std::vector<std::string>& names, const char* what) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw Failure(ErrorCode::kInvalidArgument, "there is no " + std::string(what) + " “" + std::string(name) + "”",
                  name_hint(name, names));
  }
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace

const std::vector<std::string>& prediction_names() {
  static const std::vector<std::string> names{"eps", "v", "x0"};
  return names;
}

Prediction parse_prediction(std::string_view name) {
  return static_cast<Prediction>(place_of(name, prediction_names(), "prediction"));
}

std::string_view to_string(Prediction prediction) { return prediction_names()[static_cast<std::size_t>(prediction)]; }

const std::vector<std::string>& schedule_kind_names() {
  static const std::vector<std::string> names{"linear", "scaled_linear", "cosine", "sigmoid"};
  return names;
}

ScheduleKind parse_schedule_kind(std::string_view name) {
  return static_cast<ScheduleKind>(place_of(name, schedule_kind_names(), "noise schedule"));
}

std::string_view to_string(ScheduleKind kind) { return schedule_kind_names()[static_cast<std::size_t>(kind)]; }

}  // namespace kiln
