#include "app/cli/source_options.h"

#include <CLI/Option.hpp>

#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {

SpriteSource SourceTexts::source() const {
  SpriteSource source;
  source.path = path;
  source.labels = labels;
  if (!class_names.empty()) source.class_names = split(class_names, ',');
  if (grid.empty()) {
    if (offset != "0,0" || spacing != "0,0")
      throw Failure(ErrorCode::kInvalidArgument, "an offset or spacing needs a grid",
                    "give the size of the sprites, as --grid 16x16");
    return source;
  }
  const PixelSize cell = parse_pixels("--grid", grid, 'x'), first = parse_pixels("--offset", offset, ','),
                  between = parse_pixels("--spacing", spacing, ',');
  source.grid = CellGrid{cell.width, cell.height, first.width, first.height, between.width, between.height};
  return source;
}

void add_source_options(CLI::App& command, SourceTexts& texts, const std::string& name, bool required) {
  command
      .add_option(
          name, texts.path,
          "A folder of class folders, a flat folder, a sheet, an Aseprite file or its JSON, an animation, or a .npy or .npz array")
      ->required(required)
      ->type_name("FILE");
  command.add_option("--grid", texts.grid, "Cut every image as a sheet of sprites of this size, as 16x16")->group("Source");
  command.add_option("--offset", texts.offset, "Of the first sprite in a sheet, as 0,0")->group("Source");
  command.add_option("--spacing", texts.spacing, "Between the sprites of a sheet, as 1,1")->group("Source");
  command.add_option("--labels", texts.labels, "The labels of a .npy array, another one")->type_name("FILE.npy")->group("Source");
  command.add_option("--classes", texts.class_names, "Names of the labels 0, 1 … as a,b,c")->group("Source");
}

Preprocessing PreprocessingTexts::all() const {
  Preprocessing all = switches;
  for (const PreprocessingStep& step : kPreprocessingSteps) {
    if (const auto given = texts.find(step.id); given != texts.end())
      for (const std::string& text : given->second) set_from_text(step, text, all);
  }
  return all;
}

void add_preprocessing_options(CLI::App& command, PreprocessingTexts& texts) {
  for (const PreprocessingStep& step : kPreprocessingSteps) {
    if (const auto* field = std::get_if<bool Preprocessing::*>(&step.field)) {
      command.add_flag(step.flag, texts.switches.**field, step.help)->group("Preprocessing");
      continue;
    }
    const std::string help = std::string(step.help) + (is_list(step) ? "; may be given often" : "");
    auto* option = command.add_option(step.flag, texts.texts[step.id], help);
    option->type_name(step.value)->group("Preprocessing")->allow_extra_args(false);
    if (!is_list(step)) option->expected(1);
  }
}

}  // namespace kiln
