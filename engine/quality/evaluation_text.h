#pragma once

#include <string>

#include "engine/quality/evaluation_result.h"

namespace kiln {

// "1.25 ± 0.09", three significant digits; "–" if nothing was measured.
std::string measured_text(const Measured& measured, double factor = 1);

// What was found, as tables for reading and as one JSON document.
std::string evaluation_text(const EvaluationResult& result);
std::string evaluation_json(const EvaluationResult& result);

}  // namespace kiln
