#pragma once

#include "engine/api/evaluation.h"
#include "engine/quality/evaluation_result.h"

namespace kiln {

// The result's sprites go with it.
EvaluationOverview overview_of(EvaluationResult&& result);

}  // namespace kiln
