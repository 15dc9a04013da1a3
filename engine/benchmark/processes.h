#pragma once

#include <memory>
#include <string>

#include "engine/training/process_group.h"

namespace kiln {

// Starts this program `count` - 1 times more, as “bench --processes” of the same model, and meets with them as the first of the
// group; they end when it is gone. model: a file, or empty. Throws Failure.
std::shared_ptr<ProcessGroup> launch_bench_processes(int count, const std::string& model);

// How long they wait for each other.
constexpr std::chrono::seconds kBenchTimeout{120};

}  // namespace kiln
