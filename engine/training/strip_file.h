#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "engine/api/training.h"

namespace kiln {

// Sample strips in a run's folder: RUN/strips/<step>.png, one row a class, the samples on the left and, a sprite's width apart,
// their neighbours on the right; RUN/strips/<step>.json says what is where and how far the neighbours are.

// Whether the strip of that step is there, whole.
bool has_strip(const std::filesystem::path& run, std::int64_t step);

// Throws as write_png.
void write_strip(const std::filesystem::path& run, const SampleStrip& strip);

// Steps of the strips that are there, in order.
std::vector<std::int64_t> strip_steps(const std::filesystem::path& run);

// Nothing if it cannot be read.
std::optional<SampleStrip> read_strip(const std::filesystem::path& run, std::int64_t step);

// Removes those of steps after `last_step`.
void trim_strips(const std::filesystem::path& run, std::int64_t last_step);

}  // namespace kiln
