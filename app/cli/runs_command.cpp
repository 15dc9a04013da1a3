#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/spec_options.h"
#include "engine/base/error.h"

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

// Of a run that is under way.
struct ChangeOptions {
  std::string run;
  std::vector<ParamSpec> live;
  SpecOptions specs;
};

void change_run(const ChangeOptions& options, EngineRunner& engine) {
  const ParamMap changes = options.specs.values(options.live, "recipe");
  if (changes.empty())
    throw Failure(ErrorCode::kInvalidArgument, "nothing is said that should change",
                  "give --steps, --learning-rate or another value");
  const JobId job = engine.next_id();
  engine.run(job, ChangeRun{job, options.run, changes});
  std::string told;
  for (const auto& [id, value] : changes) told += " " + id + "=" + to_string(value);
  std::printf("asked for%s; the run takes it at one of its next steps\n", told.c_str());
}

void add_set_command(CLI::App& parent, EngineRunner& engine) {
  auto* command = parent.add_subcommand("set", "Change a run while it is under way, here or on another machine");
  auto options = std::make_shared<ChangeOptions>();
  command->add_option("run", options->run, "The run's folder")->required()->type_name("DIR");
  for (const ParamSpec& spec : engine.catalog().recipe) {
    if (spec.live) options->live.push_back(spec);
  }
  options->specs.add(*command, options->live, "What changes; all else stays as it is");
  command->footer(
      "All processes of the run change after the same step; a checkpoint and a line in metrics.jsonl know of it. With fewer steps\n"
      "than it has done, the run ends where it is. A run that has ended goes on by `train --resume`.");
  command->callback([options, &engine] { change_run(*options, engine); });
}

}  // namespace

void add_runs_command(CLI::App& command, EngineRunner& engine) {
  auto options = std::make_shared<RunsOptions>();
  command.add_option("folder", options->folder, "Where the runs are (.)")->type_name("DIR");
  command.add_flag("--json", options->json, "As one JSON document");
  add_set_command(command, engine);
  command.callback([options, &command, &engine] {
    if (!command.get_subcommands().empty()) return;
    const JobId job = engine.next_id();
    engine.run(job, ListRuns{job, options->folder},
               {[&](const Event& event) {
                  if (const auto* listed = std::get_if<RunsListed>(&event)) print_runs(listed->runs, options->json);
                },
                {}});
  });
}

}  // namespace kiln
