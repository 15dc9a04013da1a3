#include "engine/benchmark/benchmark.h"

#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "engine/base/cpu.h"
#include "engine/base/error.h"
#include "engine/base/log.h"
#include "engine/base/paths.h"
#include "engine/benchmark/cases.h"
#include "engine/benchmark/processes.h"
#include "engine/session/blas.h"
#include "engine/session/devices.h"
#include "engine/session/model_cache.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

// The most memory that this process ever had in use.
double peak_rss_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;  // from KiB
}

std::string load_now() {
  std::ifstream file("/proc/loadavg");
  std::string load;
  file >> load;
  return load.empty() ? "unknown" : load;
}

// A trained model to compare precisions on: the given one, else the first that came with the program; "" if there is none.
std::string trained_model(const std::string& given) {
  if (!given.empty()) return given;
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(share_folder() / "models", error)) {
    if (entry.path().extension() == ".safetensors") found.push_back(entry.path());
  }
  const auto by_name = [](const fs::path& a, const fs::path& b) { return a.stem() < b.stem(); };
  return found.empty() ? "" : std::min_element(found.begin(), found.end(), by_name)->string();
}

// None where there is no GPU.
void add_gpu_cases(const SharedModel& model, const BenchmarkScale& scale, std::vector<BenchmarkCase>& cases) {
  if (!cuda_available()) return;
  for (const int sprites : {1, 16, 64, 256}) {
    cases.push_back(gpu_sampling_case(model, sprites, scale));
    cases.push_back(gpu_busy_case(model, sprites));
  }
  for (const int batch : {64, 512}) cases.push_back(gpu_training_case(model, batch, scale));
}

std::vector<BenchmarkCase> make_cases(const SharedModel& model, ModelCache& models, const BenchmarkOptions& options) {
  BenchmarkScale scale{options.quick, {1}};
  if (usable_cores() > 1) scale.threads.push_back(usable_cores());
  std::vector<BenchmarkCase> cases;
  if (options.device != "cuda") cases.push_back(first_preview_case(model, scale));
  for (const int sprites : {1, 16, 64}) {
    if (options.device != "cuda") cases.push_back(sampling_case(model, sprites, scale));
  }
  if (options.device != "cpu") add_gpu_cases(model, scale, cases);
  if (options.device == "cuda") return cases;
  for (const auto& kind : network_kinds()) {
    for (const int sprites : {1, 16}) cases.push_back(family_case(kind.id, sprites, scale));
  }
  cases.push_back(parts_case(model, scale));
  cases.push_back(few_steps_case(model, scale));
  cases.push_back(sprite_growth_case(model, scale));
  cases.push_back(step_growth_case(model, scale));
  if (usable_cores() > 1) cases.push_back(contended_case(model, scale));
  const std::string trained = trained_model(options.model);
  if (!trained.empty() && cpu_has_fast_bf16())
    cases.push_back(difference_case(models.open(trained), fs::path(trained).stem().string(), scale));
  cases.push_back(training_case(model, scale));
  if (const int processes = options.processes; processes > 1)
    cases.push_back(processes_case(
        model, processes, [=, file = options.model] { return launch_bench_processes(processes, file); }, scale));
  if (options.loss_steps > 0) cases.push_back(loss_curves_case(model, options.loss_steps, scale));
  return cases;
}

void check_processes(const BenchmarkOptions& options) {
  if (options.processes == 1) return;
  if (!has_process_groups())
    throw Failure(ErrorCode::kUnsupported, "this build cannot train in several processes: its LibTorch comes without c10d and Gloo",
                  "leave --processes out, or build where libgloo-dev is installed");
  if (options.device == "cuda")
    throw Failure(ErrorCode::kInvalidArgument, "--processes measures training on the CPU, and --device cuda leaves that out",
                  "leave one of them out");
}

}  // namespace

std::optional<BenchmarkReport> measure(const BenchmarkOptions& options, const BenchmarkProgress& progress) {
  set_libtorch_threads(1);
  check_processes(options);
  if (options.device == "cuda") (void)choose_device("cuda", "auto", 1);  // refused where there is none
  if (const auto warning = slow_blas_warning()) log_warn(warning->message + "; " + warning->hint);
  ModelCache models;
  const SharedModel model =
      options.model.empty() ? std::make_shared<const Model>(make_benchmark_model()) : models.open(options.model);
  if (model->is_distilled())
    throw Failure(ErrorCode::kUnsupported,
                  "“" + options.model + "” draws in few steps, and `bench` measures the guided steps of many",
                  "give the model that it was distilled from: a row for few steps comes with it");
  if (const auto place = process_place(); options.processes > 1 && place && place->rank > 0) {  // launch_bench_processes() has
    serve_training(model, join_process_group(*place, {.timeout = kBenchTimeout}));
    return std::nullopt;
  }
  BenchmarkResults results;
  results.cpu = cpu_name();
  results.cores = usable_cores();
  results.load = load_now();
  run_many_sprites(model);
  results.peak_rss_mb = peak_rss_mb();  // now, before the variants take theirs
  std::vector<BenchmarkCase> cases = make_cases(model, models, options);
  std::int64_t done = 0, total = 0;
  for (const auto& one : cases) total += one.comparison.turns();
  for (auto& one : cases) {
    const std::int64_t end = done + one.comparison.turns();
    for (int turn = 0; one.comparison.take(turn); ++turn) {
      if (!progress(++done, total)) return std::nullopt;
    }
    one.report(one.comparison, results);
    set_libtorch_threads(1);
    one = {Comparison(0), {}};  // its networks go
    if (!progress(done = end, total)) return std::nullopt;
  }
  return BenchmarkReport{benchmark_text(results), benchmark_json(results)};
}

}  // namespace kiln
