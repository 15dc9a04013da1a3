#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/widgets/ui.h"
#include "engine/base/param_spec.h"

namespace kiln {

// Rows for how a sheet is laid out and written: those of `specs`, which are of sheet_specs(), that `is_shown` lets through.
// `sheet` must hold their values. Recorded as `prefix` + id.
void sheet_rows(Ui& ui, const std::string& prefix, const std::vector<ParamSpec>& specs, ParamMap& sheet,
                const std::function<bool(const ParamSpec&)>& is_shown);

}  // namespace kiln
