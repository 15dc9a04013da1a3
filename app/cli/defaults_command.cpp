#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/export_options.h"
#include "app/cli/output_options.h"
#include "app/cli/spec_options.h"
#include "engine/base/param_json.h"

namespace kiln {
namespace {

struct DefaultsOptions {
  std::string model, out;
  SpecOptions specs;
  bool json = false, force = false;
};

void print(const ParamMap& sampling, bool as_json) {
  if (as_json) {
    std::printf("%s\n", nlohmann::json(sampling).dump(2).c_str());
    return;
  }
  for (const ParamSpec& spec : model_sampling_specs()) {
    const auto own = sampling.find(spec.id);
    std::printf("%-14s %s%s\n", spec.id.c_str(), to_string(own == sampling.end() ? spec.fallback : own->second).c_str(),
                own == sampling.end() ? "  (not in the file)" : "");
  }
}

void run_defaults(const DefaultsOptions& options, EngineRunner& engine) {
  SetModelSampling command;
  command.values = options.specs.values(model_sampling_specs(), "sampling");
  command.model = options.model;
  command.out = options.out.empty() ? options.model : options.out;
  if (!command.values.empty()) {
    if (!options.out.empty()) check_model_ending(command.out);
    check_new_file(command.out, options.force);
    command.job = engine.next_id();
    engine.run(command.job, command, {});
  } else if (!options.out.empty()) {
    throw Failure(ErrorCode::kInvalidArgument, "nothing is to be changed in " + command.out, "give a value, as --guidance 3");
  }
  print(model_info(command.values.empty() ? command.model : command.out, engine).sampling, options.json);
}

}  // namespace

void add_defaults_command(CLI::App& command, EngineRunner& engine) {
  auto options = std::make_shared<DefaultsOptions>();
  command.add_option("model", options->model, "The model file")->required()->type_name("MODEL");
  options->specs.add(command, model_sampling_specs(), "How its sprites come out best");
  command.add_option("--out", options->out, "The model file to write (the same)")->type_name("FILE.safetensors");
  command.add_flag("--json", options->json, "As one JSON document");
  add_force(command, options->force);
  command.footer(
      "Without any value: tells what the file says. `sample`, `evaluate` and the window take what it says where they are not told "
      "otherwise.\nWhich values are best, `evaluate` finds out.");
  command.callback([options, &engine] { run_defaults(*options, engine); });
}

}  // namespace kiln
