#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "app/cli/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/terminal.h"
#include "app/cli/train_processes.h"
#include "engine/api/benchmark.h"

extern char** environ;

namespace kiln {
namespace {

// Milliseconds that this program needs to start, open its engine, say something and end; none if it cannot be started again.
std::optional<double> start_once() {
  const char* const arguments[] = {"spritekiln", "sample", "--help", nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  const auto start = std::chrono::steady_clock::now();
  pid_t child = 0;
  const int failed = posix_spawn(&child, "/proc/self/exe", &actions, nullptr, const_cast<char* const*>(arguments), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  if (failed != 0 || waitpid(child, &status, 0) != child || status != 0) return std::nullopt;
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

// The median of a few starts.
std::optional<double> startup_ms(int starts) {
  std::vector<double> taken;
  for (int i = 0; i < starts; ++i) {
    if (const auto ms = start_once()) taken.push_back(*ms);
  }
  if (taken.empty()) return std::nullopt;
  std::sort(taken.begin(), taken.end());
  return taken[taken.size() / 2];
}

void run_bench(const BenchmarkOptions& options, bool json, bool progress) {
  if (options.processes > 1 && !is_rank_zero()) {  // another `bench` measures, and this one helps
    run_benchmark(options, [](std::int64_t, std::int64_t) { return true; });
    return;
  }
  const auto startup = startup_ms(options.quick ? 1 : 5);
  ProgressBar bar("", progress);
  const InterruptGuard guard;
  const auto report = run_benchmark(options, [&](std::int64_t done, std::int64_t total) {
    bar.show(Progress{{}, done, total, 0, -1});
    return !guard.interrupted();
  });
  bar.clear();
  if (!report)
    throw Failure(ErrorCode::kInvalidArgument, "stopped before there was a result", "run it again; --quick takes a few seconds");
  if (json) {
    auto document = nlohmann::json::parse(report->json);
    document["startup_ms"] = startup ? nlohmann::json(*startup) : nlohmann::json();
    std::printf("%s\n", document.dump(2).c_str());
    return;
  }
  std::printf("%s", report->text.c_str());
  if (startup) std::printf("Start-up of the command line, engine and all: %.0f ms\n", *startup);
}

}  // namespace

void add_bench_command(CLI::App& command, EngineRunner&) {
  auto bench = std::make_shared<BenchmarkOptions>();
  auto json = std::make_shared<bool>(false), progress = std::make_shared<bool>(false);
  command.add_option("--model", bench->model, "A model file; without one, a network of the default size with random weights")
      ->type_name("MODEL");
  command.add_option("--device", bench->device, "cpu or cuda: the rows of that alone; auto: all that there are (auto)")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->type_name("DEVICE");
  command
      .add_option("--processes", bench->processes,
                  "Also train in so many processes of one thread, beside one of as many threads; 1: do not (1)")
      ->check(CLI::Range(1, 64))
      ->type_name("N");
  command.add_flag("--quick", bench->quick, "Fewer rounds: a few seconds, and a wider spread");
  command
      .add_option("--loss", bench->loss_steps,
                  "Also train ours and a plain fp32 program for that many steps, and show both losses (0)")
      ->check(CLI::Range(0, 100000));
  command.add_flag("--json", *json, "As one JSON document");
  command.add_flag("--progress", *progress, "Progress even if stderr is not a terminal");
  command.callback([bench, json, progress] { run_bench(*bench, *json, *progress); });
}

}  // namespace kiln
