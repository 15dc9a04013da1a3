#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"

namespace kiln {
namespace {

struct RunsOptions {
  std::string folder = ".";
  bool json = false;
};

nlohmann::json run_json(const RunInfo& run) {
  return {{"path", run.path},
          {"name", run.name},
          {"state", run_state_name(run.state)},
          {"step", run.step},
          {"total", run.total},
          {"validation_loss", std::isnan(run.validation_loss) ? nlohmann::json(nullptr) : nlohmann::json(run.validation_loss)},
          {"data", run.data},
          {"model", run.model},
          {"changed", run.changed}};
}

void print_runs(const std::vector<RunInfo>& runs, bool json) {
  if (json) {
    nlohmann::json document = nlohmann::json::array();
    for (const auto& run : runs) document.push_back(run_json(run));
    std::printf("%s\n", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    return;
  }
  if (runs.empty()) std::printf("there are no runs here\n");
  for (const auto& run : runs) {
    std::printf("%-24s %-8s  step %lld/%lld", run.name.c_str(), run_state_name(run.state), static_cast<long long>(run.step),
                static_cast<long long>(run.total));
    if (!std::isnan(run.validation_loss)) std::printf("  validation %.4f", run.validation_loss);
    std::printf("  %s\n", run.data.c_str());
  }
}

}  // namespace

void add_runs_command(CLI::App& command, EngineRunner& engine) {
  auto options = std::make_shared<RunsOptions>();
  command.add_option("folder", options->folder, "Where the runs are (.)")->type_name("DIR");
  command.add_flag("--json", options->json, "As one JSON document");
  command.callback([options, &engine] {
    const JobId job = engine.next_id();
    engine.run(job, ListRuns{job, options->folder},
               {[&](const Event& event) {
                  if (const auto* listed = std::get_if<RunsListed>(&event)) print_runs(listed->runs, options->json);
                },
                {}});
  });
}

}  // namespace kiln
