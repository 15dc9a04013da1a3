#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/api/event.h"

namespace kiln {

// The report for a person, with a bar for each class.
std::string report_text(const DatasetReport& report);
nlohmann::json report_json(const DatasetReport& report);

std::string written_text(const DatasetWritten& written);
nlohmann::json written_json(const DatasetWritten& written);

}  // namespace kiln
