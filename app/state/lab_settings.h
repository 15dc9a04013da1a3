#pragma once

#include <vector>

#include "engine/api/lab.h"
#include "engine/base/param_spec.h"

namespace kiln {

// The parameters of sampling that the Lab tab has of its own; the others are the Generate tab's.
const std::vector<ParamSpec>& lab_params();

// What the Lab tab remembers.
struct LabSettings {
  double level = kLabLevel;
  ParamMap values = defaults_of(lab_params());  // whole
  friend bool operator==(const LabSettings&, const LabSettings&) = default;
};

}  // namespace kiln
