#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "engine/base/error.h"

namespace kiln {

struct BenchmarkOptions {
  std::string model;            // a model file; empty: a network of the default size with random weights
  bool quick = false;           // fewer rounds
  int loss_steps = 0;           // also train that many steps, ours and plainly, to compare the losses
  std::string device = "auto";  // cpu or cuda: its rows alone; auto: all that there are
  int processes = 1;            // more: also train in so many, beside as many threads of one
};

// Called between measurements; false stops.
using BenchmarkProgress = std::function<bool(std::int64_t done, std::int64_t total)>;

// Lines for a person, and the same as one JSON document.
struct BenchmarkReport {
  std::string text, json;
};

// How fast this machine samples and trains, beside a plain fp32 program and the network's convolutions alone. Opens the benchmark
// module, a shared library beside the engine's, and runs it on the calling thread; none if it was stopped. Throws Failure as
// open_engine, and kNotFound, kCorrupt … for the model.
std::optional<BenchmarkReport> run_benchmark(const BenchmarkOptions& options, const BenchmarkProgress& progress);

// What the module's entry, spritekiln_run_benchmark, fills in: no exception crosses its border. Neither: it was stopped.
struct BenchmarkOutcome {
  std::optional<BenchmarkReport> report;
  std::optional<Error> error;
};

}  // namespace kiln
