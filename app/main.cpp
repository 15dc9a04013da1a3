#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "app/cli/commands.h"
#include "app/cli/terminal.h"
#include "engine/base/log.h"
#include "engine/base/memory.h"
#include "engine/base/paths.h"
#include "engine/base/text.h"
#ifdef SPRITEKILN_APP
#include "app/shell/window.h"
#endif

namespace {

using namespace kiln;

constexpr int kFailed = 1, kWrongUsage = 2;

const std::vector<CliCommand>& commands() {
  static const std::vector<CliCommand> all = {
      {"sample", "Make sprites", add_sample_command},
      {"morph", "Make the way from one sprite to another, as frames", add_morph_command},
      {"pack", "Put sprites that are there into a sheet", add_pack_command},
      {"train", "Train a model on a folder of sprites", add_train_command},
      {"distill", "Teach a model to draw in a few steps", add_distill_command},
      {"sweep", "Search for good recipe values", add_sweep_command},
      {"evaluate", "Tell how good a model's sprites are", add_evaluate_command},
      {"runs", "List the training runs in a folder", add_runs_command},
      {"import", "Make a model file from another project's checkpoint", add_import_command},
      {"verify", "Compare a model with golden numbers", add_verify_command},
      {"defaults", "Show or set the guidance, steps and sampler that a model file comes with", add_defaults_command},
      {"export-weights", "Write a model's weights for another project", add_export_weights_command},
      {"gallery", "List, search and change the kept sprites", add_gallery_command},
      {"lab", "Show what a model makes of a sprite at one noise level", add_lab_command},
      {"dataset", "Make, check and convert sets of sprites", add_dataset_command},
      {"recolour", "Give a sprite or a sheet another palette, or other hues", add_recolour_command},
      {"animate", "Set a sprite in motion: a GIF, an animated PNG, a sheet with its data", add_animate_command},
      {"inspect", "Tell what a model file, data folder or image holds", add_inspect_command},
      {"bench", "Measure the speed of this machine", add_bench_command},
      {"manual", "Print the manual page, as man reads it", add_manual_command, true},
      {"completion", "Print the completion of commands and options for bash", add_completion_command, true},
  };
  return all;
}

const CliCommand* find_command(const char* name) {
  for (const auto& command : commands()) {
    if (std::strcmp(command.name, name) == 0) return &command;
  }
  return nullptr;
}

#ifdef SPRITEKILN_APP
std::optional<std::pair<int, int>> parse_pair(const std::string& text, char separator) {
  const auto parts = split(text, separator);
  if (parts.size() != 2) return std::nullopt;
  const auto a = parse_int(parts[0]), b = parse_int(parts[1]);
  if (!a || !b || *a < -32768 || *a > 32767 || *b < -32768 || *b > 32767) return std::nullopt;
  return std::pair(static_cast<int>(*a), static_cast<int>(*b));
}

void add_window_options(CLI::App& app, WindowOptions& options) {
  app.add_option_function<std::string>(
         "--size",
         [&options](const std::string& text) {
           const auto pair = parse_pair(text, 'x');
           if (!pair || pair->first < 320 || pair->second < 240) throw CLI::ValidationError("--size", "write it as 1280x800");
           options.size = {pair->first, pair->second};
         },
         "Window size, as 1280x800")
      ->type_name("WxH");
  app.add_option_function<std::string>(
         "--position",
         [&options](const std::string& text) {
           const auto pair = parse_pair(text, ',');
           if (!pair) throw CLI::ValidationError("--position", "write it as 0,0");
           options.position = {pair->first, pair->second};
         },
         "Window position, as 0,0")
      ->type_name("X,Y");
  app.add_option("--model", options.model, "A model file to open")->type_name("MODEL");
  app.add_option("file", options.model, "The same: a desktop opens files so")->check(CLI::ExistingPath)->type_name("MODEL");
}
#endif

int usage_error(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);  // --help
  print_error({ErrorCode::kInvalidArgument, error.what(), "see `spritekiln --help`, and --help of each command", ""});
  return kWrongUsage;
}

int run(int argc, char** argv) {
  CLI::App app("Spritekiln makes pixel-art sprites and trains models on your own.\nWithout a command it opens the window.",
               "spritekiln");
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", "spritekiln " SPRITEKILN_VERSION);
  const CliCommand* chosen = argc > 1 ? find_command(argv[1]) : nullptr;
  std::unique_ptr<EngineRunner> engine;
  if (chosen != nullptr) engine = std::make_unique<EngineRunner>();
  for (const auto& command : commands()) {
    auto* sub = app.add_subcommand(command.name, command.summary);
    if (&command == chosen || (chosen != nullptr && chosen->describes_others)) command.add(*sub, *engine);
  }
#ifdef SPRITEKILN_APP
  WindowOptions window;
  add_window_options(app, window);
#endif
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return usage_error(app, error);
  }
  if (!app.get_subcommands().empty()) return 0;
#ifdef SPRITEKILN_APP
  return run_window(window);
#else
  std::printf("%s", app.help().c_str());
  return 0;
#endif
}

}  // namespace

int main(int argc, char** argv) {
  // Waiting OpenMP threads must sleep: spinning ones take the cores from whoever works. Read when OpenMP is loaded, and set here
  // since no other thread may read the environment meanwhile.
  setenv("OMP_WAIT_POLICY", "passive", 0);
  keep_freed_memory();
  try {
    open_log_file((home_folder() / "log.txt").string());
    return run(argc, argv);
  } catch (const Failure& failure) {
    print_error(failure.error());
  } catch (const std::exception& error) {
    print_error({ErrorCode::kInternal, "something went wrong inside the program", "the log has the details; please report it",
                 error.what()});
    log_error(error.what());
  }
  return kFailed;
}
