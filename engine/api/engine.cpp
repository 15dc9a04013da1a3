#include "engine/api/engine.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "api_stamp.h"
#include "engine/api/benchmark.h"
#include "engine/base/error.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;
constexpr const char* kEngineName = "libspritekiln_engine.so";
constexpr const char* kBenchmarkName = "libspritekiln_benchmark.so";

// SPRITEKILN_ENGINE, else beside the program, else where `make install` puts it.
fs::path engine_path() {
  if (const char* given = std::getenv("SPRITEKILN_ENGINE")) return given;
  std::error_code error;
  const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  if (fs::exists(folder / kEngineName, error)) return folder / kEngineName;
  return folder.parent_path() / "lib" / "spritekiln" / kEngineName;
}

// The function `entry` of a module that was built with this program; `name` is what errors call it.
template <class Function>
Function* open_module(const fs::path& path, const std::string& name, const char* entry) {
  // Waiting OpenMP threads must sleep: spinning ones take the cores from whoever works. Read when OpenMP is loaded.
  setenv("OMP_WAIT_POLICY", "passive", 0);
  if (!fs::exists(path))
    throw Failure(ErrorCode::kNotFound, "the " + name + " is missing: " + path.string(), "install or build Spritekiln again");
  void* module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) {
    throw Failure(ErrorCode::kInternal, "the " + name + " cannot be loaded", "install the packages that the README names",
                  dlerror());
  }
  const auto stamp = reinterpret_cast<const char* (*)()>(dlsym(module, "spritekiln_api_stamp"));
  const auto function = reinterpret_cast<Function*>(dlsym(module, entry));
  if (stamp == nullptr || function == nullptr || std::string_view(stamp()) != SPRITEKILN_API_STAMP) {
    throw Failure(ErrorCode::kInternal, "the " + name + " " + path.string() + " does not belong to this program",
                  "build or install both again, from one version");
  }
  return function;
}

}  // namespace

std::unique_ptr<Engine> open_engine(const EngineOptions& options) {
  const auto make = open_module<Engine*(const EngineOptions&)>(engine_path(), "engine", "spritekiln_make_engine");
  return std::unique_ptr<Engine>(make(options));
}

std::optional<BenchmarkReport> run_benchmark(const BenchmarkOptions& options, const BenchmarkProgress& progress) {
  using Run = void(const BenchmarkOptions&, const BenchmarkProgress&, BenchmarkOutcome&);
  const auto run = open_module<Run>(engine_path().replace_filename(kBenchmarkName), "benchmark", "spritekiln_run_benchmark");
  BenchmarkOutcome outcome;
  run(options, progress, outcome);
  if (outcome.error) throw Failure(std::move(*outcome.error));
  return std::move(outcome.report);
}

}  // namespace kiln
