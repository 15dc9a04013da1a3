#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/dataset_text.h"
#include "app/cli/source_options.h"
#include "app/cli/spec_options.h"
#include "app/cli/terminal.h"

namespace kiln {
namespace {

struct Output {
  bool json = false, progress = false;
};

void print_json(const nlohmann::json& document) {
  std::printf("%s\n", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

// Runs the command and prints what it answers.
template <class DatasetCommand>
void run_dataset(DatasetCommand command, const Output& output, EngineRunner& engine) {
  command.job = engine.next_id();
  ProgressBar bar("", output.progress);
  const Outcome outcome = engine.run(command.job, command,
                                     {[&](const Event& event) {
                                        bar.clear();
                                        if (const auto* note = std::get_if<Note>(&event)) bar.tell(note->message);
                                        if (const auto* checked = std::get_if<DatasetChecked>(&event)) {
                                          if (output.json)
                                            print_json(report_json(checked->report));
                                          else
                                            std::printf("%s", report_text(checked->report).c_str());
                                        }
                                        if (const auto* written = std::get_if<DatasetWritten>(&event)) {
                                          if (output.json)
                                            print_json(written_json(*written));
                                          else
                                            std::printf("%s", written_text(*written).c_str());
                                        }
                                      },
                                      [&](const Progress& progress) { bar.show(progress); }});
  bar.clear();
  if (outcome == Outcome::kCancelled) throw Failure(ErrorCode::kInvalidArgument, "stopped; nothing was written", "run it again");
}

void add_output_options(CLI::App& command, Output& output) {
  command.add_flag("--json", output.json, "As one JSON document");
  command.add_flag("--progress", output.progress, "Progress even if stderr is not a terminal");
}

struct DatasetOptions {
  Output output;
  SourceTexts source;
  PreprocessingTexts preprocessing;
  ConvertDataset convert;
  PackDataset pack;
  DrawStarterSet starter;
  FetchDungeonSet dungeon;
};

void add_starter(CLI::App& parent, const std::shared_ptr<DatasetOptions>& options, EngineRunner& engine) {
  auto* command = parent.add_subcommand("starter", "Draw a set by program, to have something to train on at once");
  auto& starter = options->starter;
  command->add_option("out", starter.out, "The folder to make")->required()->type_name("DIR");
  command->add_option("--size", starter.size, "16 or 32 pixels (16)");
  command->add_option("--count", starter.count, "Sprites of each class (100)");
  command->add_flag("--animated", starter.animated, "Animations: bouncing slimes, flames and walking figures, --count of each");
  add_seed_option(
      *command, "--seed", [options](std::uint64_t seed) { options->starter.seed = seed; },
      "The same seed draws the same sprites (0)");
  add_output_options(*command, options->output);
  command->callback([options, &engine] { run_dataset(options->starter, options->output, engine); });
}

void add_dungeon(CLI::App& parent, const std::shared_ptr<DatasetOptions>& options, EngineRunner& engine) {
  auto* command = parent.add_subcommand(
      "dungeon32",
      "Fetch the 32×32 tiles of Dungeon Crawl (CC0) from Debian's source package, through this machine's apt; about 25 MB");
  command->add_option("out", options->dungeon.out, "The folder to make")->required()->type_name("DIR");
  add_output_options(*command, options->output);
  command->callback([options, &engine] { run_dataset(options->dungeon, options->output, engine); });
}

void add_check(CLI::App& parent, const std::shared_ptr<DatasetOptions>& options, EngineRunner& engine) {
  auto* command = parent.add_subcommand("check", "Tell what a set holds and what may be fixed");
  add_source_options(*command, options->source, "in");
  add_preprocessing_options(*command, options->preprocessing);
  add_output_options(*command, options->output);
  command->callback([options, &engine] {
    run_dataset(CheckDataset{{}, options->source.source(), options->preprocessing.all()}, options->output, engine);
  });
}

void add_convert(CLI::App& parent, const std::shared_ptr<DatasetOptions>& options, EngineRunner& engine) {
  auto* command = parent.add_subcommand("convert", "Write a set as a folder of class folders, fixed");
  add_source_options(*command, options->source, "in");
  command->add_option("out", options->convert.out, "The folder to make")->required()->type_name("DIR");
  add_preprocessing_options(*command, options->preprocessing);
  add_output_options(*command, options->output);
  command->callback([options, &engine] {
    run_dataset(ConvertDataset{{}, options->source.source(), options->preprocessing.all(), options->convert.out}, options->output,
                engine);
  });
}

void add_pack(CLI::App& parent, const std::shared_ptr<DatasetOptions>& options, EngineRunner& engine) {
  auto* command = parent.add_subcommand(
      "pack", "Write a set of very many sprites as arrays that training and evaluating read where they lie, not into memory");
  add_source_options(*command, options->source, "in");
  command->add_option("out", options->pack.out, "The folder to make")->required()->type_name("DIR");
  command->add_option("--shard-mb", options->pack.shard_mb, "Sprites in one file at the most, in MB (256)")->type_name("N");
  add_preprocessing_options(*command, options->preprocessing);
  add_output_options(*command, options->output);
  command->callback([options, &engine] {
    PackDataset pack = options->pack;
    pack.source = options->source.source();
    pack.preprocessing = options->preprocessing.all();
    run_dataset(std::move(pack), options->output, engine);
  });
}

}  // namespace

void add_dataset_command(CLI::App& command, EngineRunner& engine) {
  const auto options = std::make_shared<DatasetOptions>();
  command.require_subcommand(1);
  add_starter(command, options, engine);
  add_dungeon(command, options, engine);
  add_check(command, options, engine);
  add_convert(command, options, engine);
  add_pack(command, options, engine);
}

}  // namespace kiln
