#pragma once

#include <optional>

#include "engine/api/benchmark.h"

namespace kiln {

// As run_benchmark, within the module.
std::optional<BenchmarkReport> measure(const BenchmarkOptions& options, const BenchmarkProgress& progress);

}  // namespace kiln
