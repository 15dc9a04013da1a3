#include "app/cli/source_options.h"

#include <CLI/Option.hpp>
#include <tuple>
#include <utility>

#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

// "16x16", "4,4", or "16" for both.
std::pair<int, int> parse_two(const std::string& option, const std::string& text, char separator) {
  const auto parts = split(text, separator);
  const auto a = parse_int(parts.front()), b = parse_int(parts.back());
  if (parts.size() > 2 || !a || !b || *a < 0 || *b < 0 || *a > 16384 || *b > 16384) {
    throw Failure(ErrorCode::kInvalidArgument, option + " “" + text + "” is not two numbers",
                  std::string("write ") + option + " 16" + separator + "16");
  }
  return {static_cast<int>(*a), static_cast<int>(*b)};
}

}  // namespace

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
  CellGrid cells;
  std::tie(cells.cell_width, cells.cell_height) = parse_two("--grid", grid, 'x');
  std::tie(cells.offset_x, cells.offset_y) = parse_two("--offset", offset, ',');
  std::tie(cells.spacing_x, cells.spacing_y) = parse_two("--spacing", spacing, ',');
  source.grid = cells;
  return source;
}

void add_source_options(CLI::App& command, SourceTexts& texts, const std::string& name, bool required) {
  command.add_option(name, texts.path, "A folder of class folders, a flat folder, a sheet, an Aseprite JSON file or a .npy array")
      ->required(required)
      ->type_name("FILE");
  command.add_option("--grid", texts.grid, "Cut every image as a sheet of sprites of this size, as 16x16")->group("Source");
  command.add_option("--offset", texts.offset, "Of the first sprite in a sheet, as 0,0")->group("Source");
  command.add_option("--spacing", texts.spacing, "Between the sprites of a sheet, as 1,1")->group("Source");
  command.add_option("--labels", texts.labels, "The labels of a .npy array, another one")->type_name("FILE.npy")->group("Source");
  command.add_option("--classes", texts.class_names, "Names of the labels 0, 1 … as a,b,c")->group("Source");
}

Preprocessing PreprocessingTexts::all() const {
  Preprocessing result = preprocessing;
  if (!pad.empty()) std::tie(result.pad_width, result.pad_height) = parse_two("--pad", pad, 'x');
  if (downscale == "auto") {
    result.auto_downscale = true;
  } else if (!downscale.empty()) {
    const auto factor = parse_int(downscale);
    if (!factor || *factor < 1 || *factor > 64)
      throw Failure(ErrorCode::kInvalidArgument, "--downscale “" + downscale + "” is no factor",
                    "write auto, or a number from 1 to 64");
    result.downscale = static_cast<int>(*factor);
  }
  for (const auto& text : renames) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
      throw Failure(ErrorCode::kInvalidArgument, "“" + text + "” is not old=new", "write --rename old=new, or --merge a=b");
    result.renames.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return result;
}

void add_preprocessing_options(CLI::App& command, PreprocessingTexts& texts) {
  auto& r = texts.preprocessing;
  const char* group = "Preprocessing";
  command.add_flag("--background-to-alpha", r.background_to_alpha, "Make suspected background colours transparent")->group(group);
  command.add_flag("--hard-alpha", r.hard_alpha, "Make each pixel opaque or transparent")->group(group);
  command.add_option("--downscale", texts.downscale, "Reduce enlarged art to its true pixels: auto, or a factor")
      ->type_name("auto | INT")
      ->group(group);
  command.add_flag("--crop", r.crop, "Crop each sprite to what is not transparent")->group(group);
  command.add_option("--pad", texts.pad, "Pad each sprite to this size, as 16x16")->group(group);
  command.add_option("--palette", r.palette, "A palette (.gpl .hex .pal), or auto:32 for 32 colours fitted to all")
      ->type_name("FILE | auto:32")
      ->group(group);
  command.add_option("--rename,--merge", texts.renames, "old=new; onto a class that exists, both become one; may be given often")
      ->allow_extra_args(false)
      ->group(group);
  command.add_option("--drop-class", r.drop_classes, "Leave out this class; may be given often")
      ->allow_extra_args(false)
      ->group(group);
  command
      .add_option(
          "--flip", r.flip_classes,
          "Sprites of this class may be mirrored in training, “*” for all; may be given often; kept with a set that is written")
      ->allow_extra_args(false)
      ->group(group);
  command.add_flag("--drop-empty", r.drop_empty, "Leave out fully transparent sprites")->group(group);
  command.add_flag("--drop-duplicates", r.drop_duplicates, "Use equal pictures once")->group(group);
  command
      .add_flag("--drop-near-duplicates", r.drop_near_duplicates, "Use near copies, recolourings and mirror images once as well")
      ->group(group);
}

}  // namespace kiln
