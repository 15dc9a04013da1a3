#pragma once

#include <string>

#include "engine/quality/evaluation_result.h"

namespace kiln {

// What was found, as tables for reading and as one JSON document.
std::string evaluation_text(const EvaluationResult& result);
std::string evaluation_json(const EvaluationResult& result);

}  // namespace kiln
