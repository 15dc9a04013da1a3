#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/api/training.h"

namespace kiln {

// Metrics as lines of JSON; what is NaN is null there.
std::string metrics_to_json(const TrainMetrics& metrics);

// The lines of a file; none if there is no such file. Lines that cannot be read are left out: the last may be cut off.
std::vector<TrainMetrics> read_metrics(const std::filesystem::path& file);

// Leaves only the lines up to `last_step`: later ones belong to a continuation that was given up. Throws as write_file.
void trim_metrics(const std::filesystem::path& file, std::int64_t last_step);

}  // namespace kiln
