#pragma once

#include <CLI/App.hpp>
#include <memory>

#include "app/cli/engine_runner.h"

namespace kiln {

// One subcommand: adds itself with its options to `app`; `run` is called if it was chosen. The engine's catalogue makes
// the options.
struct CliCommand {
  const char* name;
  const char* summary;
  void (*add)(CLI::App& command, EngineRunner& engine);
  bool describes_others = false;  // needs all commands to have added their options
};

void add_sample_command(CLI::App& command, EngineRunner& engine);
void add_morph_command(CLI::App& command, EngineRunner& engine);
void add_lab_command(CLI::App& command, EngineRunner& engine);
void add_pack_command(CLI::App& command, EngineRunner& engine);
void add_train_command(CLI::App& command, EngineRunner& engine);
void add_distill_command(CLI::App& command, EngineRunner& engine);
void add_sweep_command(CLI::App& command, EngineRunner& engine);
void add_runs_command(CLI::App& command, EngineRunner& engine);
void add_dataset_command(CLI::App& command, EngineRunner& engine);
void add_recolour_command(CLI::App& command, EngineRunner& engine);
void add_animate_command(CLI::App& command, EngineRunner& engine);
void add_bench_command(CLI::App& command, EngineRunner& engine);
void add_inspect_command(CLI::App& command, EngineRunner& engine);
void add_import_command(CLI::App& command, EngineRunner& engine);
void add_verify_command(CLI::App& command, EngineRunner& engine);
void add_evaluate_command(CLI::App& command, EngineRunner& engine);
void add_defaults_command(CLI::App& command, EngineRunner& engine);
void add_export_weights_command(CLI::App& command, EngineRunner& engine);
void add_gallery_command(CLI::App& command, EngineRunner& engine);
void add_manual_command(CLI::App& command, EngineRunner& engine);
void add_completion_command(CLI::App& command, EngineRunner& engine);

}  // namespace kiln
