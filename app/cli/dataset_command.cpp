#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/dataset_text.h"
#include "app/cli/terminal.h"
#include "engine/base/text.h"

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
                                          if (output.json) print_json(report_json(checked->report));
                                          else std::printf("%s", report_text(checked->report).c_str());
                                        }
                                        if (const auto* written = std::get_if<DatasetWritten>(&event)) {
                                          if (output.json) print_json(written_json(*written));
                                          else std::printf("%s", written_text(*written).c_str());
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

// "16x16", "4,4", or "16" for both.
std::pair<int, int> parse_two(const std::string& option, const std::string& text, char separator) {
  const auto parts = split(text, separator);
  const auto a = parse_int(parts.front()), b = parse_int(parts.back());
  if (parts.size() > 2 || !a || !b || *a < 0 || *b < 0 || *a > 16384 || *b > 16384) {
    throw Failure(ErrorCode::kInvalidArgument, option + " “" + text + "” is not two numbers", std::string("write ") + option + " 16" + separator + "16");
  }
  return {static_cast<int>(*a), static_cast<int>(*b)};
}

struct SourceTexts {
  std::string path, labels, class_names, grid, offset = "0,0", spacing = "0,0";

  SpriteSource source() const {
    SpriteSource source;
    source.path = path;
    source.labels = labels;
    if (!class_names.empty()) source.class_names = split(class_names, ',');
    if (grid.empty()) {
      if (offset != "0,0" || spacing != "0,0") throw Failure(ErrorCode::kInvalidArgument, "an offset or spacing needs a grid", "give the size of the sprites, as --grid 16x16");
      return source;
    }
    CellGrid cells;
    std::tie(cells.cell_width, cells.cell_height) = parse_two("--grid", grid, 'x');
    std::tie(cells.offset_x, cells.offset_y) = parse_two("--offset", offset, ',');
    std::tie(cells.spacing_x, cells.spacing_y) = parse_two("--spacing", spacing, ',');
    source.grid = cells;
    return source;
  }
};

void add_source_options(CLI::App& command, SourceTexts& texts) {
  command.add_option("in", texts.path, "A folder of class folders, a flat folder, a sheet, an Aseprite JSON file or a .npy array")->required();
  command.add_option("--grid", texts.grid, "Cut every image as a sheet of sprites of this size, as 16x16")->group("Source");
  command.add_option("--offset", texts.offset, "Of the first sprite in a sheet, as 0,0")->group("Source");
  command.add_option("--spacing", texts.spacing, "Between the sprites of a sheet, as 1,1")->group("Source");
  command.add_option("--labels", texts.labels, "The labels of a .npy array, another one")->group("Source");
  command.add_option("--classes", texts.class_names, "Names of the labels 0, 1 … as a,b,c")->group("Source");
}

struct RemedyTexts {
  Remedies remedies;
  std::string pad, downscale;
  std::vector<std::string> renames;

  Remedies all() const {
    Remedies result = remedies;
    if (!pad.empty()) std::tie(result.pad_width, result.pad_height) = parse_two("--pad", pad, 'x');
    if (downscale == "auto") {
      result.auto_downscale = true;
    } else if (!downscale.empty()) {
      const auto factor = parse_int(downscale);
      if (!factor || *factor < 1 || *factor > 64) throw Failure(ErrorCode::kInvalidArgument, "--downscale “" + downscale + "” is no factor", "write auto, or a number from 1 to 64");
      result.downscale = static_cast<int>(*factor);
    }
    for (const auto& text : renames) {
      const auto equals = text.find('=');
      if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) throw Failure(ErrorCode::kInvalidArgument, "“" + text + "” is not old=new", "write --rename old=new, or --merge a=b");
      result.renames.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    return result;
  }
};

void add_remedy_options(CLI::App& command, RemedyTexts& texts) {
  auto& r = texts.remedies;
  const char* group = "Remedies";
  command.add_flag("--background-to-alpha", r.background_to_alpha, "Make suspected background colours transparent")->group(group);
  command.add_flag("--hard-alpha", r.hard_alpha, "Make each pixel opaque or transparent")->group(group);
  command.add_option("--downscale", texts.downscale, "Reduce enlarged art to its true pixels: auto, or a factor")->group(group);
  command.add_flag("--crop", r.crop, "Crop each sprite to what is not transparent")->group(group);
  command.add_option("--pad", texts.pad, "Pad each sprite to this size, as 16x16")->group(group);
  command.add_option("--palette", r.palette, "FILE (.gpl .hex .pal), or auto:32 for 32 colours fitted to all")->group(group);
  command.add_option("--rename,--merge", texts.renames, "old=new; onto a class that exists, both become one; may be given often")->allow_extra_args(false)->group(group);
  command.add_option("--drop-class", r.drop_classes, "Leave out this class; may be given often")->allow_extra_args(false)->group(group);
  command.add_option("--flip", r.flip_classes, "Sprites of this class may be mirrored in training, “*” for all; may be given often. Saved with a set as spritekiln.json")->allow_extra_args(false)->group(group);
  command.add_flag("--drop-empty", r.drop_empty, "Leave out fully transparent sprites")->group(group);
  command.add_flag("--drop-duplicates", r.drop_duplicates, "Use equal pictures once")->group(group);
  command.add_flag("--drop-near-duplicates", r.drop_near_duplicates, "Use near copies, recolourings and mirror images once as well")->group(group);
}

struct DatasetOptions {
  Output output;
  SourceTexts source;
  RemedyTexts remedies;
  ConvertDataset convert;
  DrawStarterSet starter;
  FetchDungeonSet dungeon;
};

void add_starter(CLI::App& parent, const std::shared_ptr<DatasetOptions>& options, EngineRunner& engine) {
  auto* command = parent.add_subcommand("starter", "Draw a set by program, to have something to train on at once");
  auto& starter = options->starter;
  command->add_option("out", starter.out, "The folder to make")->required();
  command->add_option("--size", starter.size, "16 or 32 pixels (16)");
  command->add_option("--count", starter.count, "Sprites of each class (100)");
  command->add_option("--seed", starter.seed, "The same seed draws the same sprites (0)");
  add_output_options(*command, options->output);
  command->callback([options, &engine] { run_dataset(options->starter, options->output, engine); });
}

void add_dungeon(CLI::App& parent, const std::shared_ptr<DatasetOptions>& options, EngineRunner& engine) {
  auto* command = parent.add_subcommand("dungeon32", "Fetch the 32×32 tiles of Dungeon Crawl (CC0) from Debian's source package, through this machine's apt; about 25 MB");
  command->add_option("out", options->dungeon.out, "The folder to make")->required();
  add_output_options(*command, options->output);
  command->callback([options, &engine] { run_dataset(options->dungeon, options->output, engine); });
}

void add_check(CLI::App& parent, const std::shared_ptr<DatasetOptions>& options, EngineRunner& engine) {
  auto* command = parent.add_subcommand("check", "Tell what a set holds and what may be mended");
  add_source_options(*command, options->source);
  add_remedy_options(*command, options->remedies);
  add_output_options(*command, options->output);
  command->callback([options, &engine] { run_dataset(CheckDataset{{}, options->source.source(), options->remedies.all()}, options->output, engine); });
}

void add_convert(CLI::App& parent, const std::shared_ptr<DatasetOptions>& options, EngineRunner& engine) {
  auto* command = parent.add_subcommand("convert", "Write a set as a folder of class folders, mended");
  add_source_options(*command, options->source);
  command->add_option("out", options->convert.out, "The folder to make")->required();
  add_remedy_options(*command, options->remedies);
  add_output_options(*command, options->output);
  command->callback([options, &engine] { run_dataset(ConvertDataset{{}, options->source.source(), options->remedies.all(), options->convert.out}, options->output, engine); });
}

}  // namespace

void add_dataset_command(CLI::App& command, EngineRunner& engine) {
  const auto options = std::make_shared<DatasetOptions>();
  command.require_subcommand(1);
  add_starter(command, options, engine);
  add_dungeon(command, options, engine);
  add_check(command, options, engine);
  add_convert(command, options, engine);
}

}  // namespace kiln
