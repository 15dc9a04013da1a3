// The benchmark module's two exported symbols.

#include "api_stamp.h"
#include "engine/base/log.h"
#include "engine/base/paths.h"
#include "engine/benchmark/benchmark.h"
#include "engine/session/errors.h"

#define SPRITEKILN_EXPORT extern "C" __attribute__((visibility("default")))

SPRITEKILN_EXPORT const char* spritekiln_api_stamp() { return SPRITEKILN_API_STAMP; }

SPRITEKILN_EXPORT void spritekiln_run_benchmark(const kiln::BenchmarkOptions& options, const kiln::BenchmarkProgress& progress,
                                                kiln::BenchmarkOutcome& outcome) {
  try {
    kiln::open_log_file((kiln::home_folder() / "log.txt").string());  // the module has a log of its own
    outcome.report = kiln::measure(options, progress);
  } catch (...) {
    outcome.error = kiln::current_error();
  }
}
