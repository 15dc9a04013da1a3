#include "engine/api/export.h"

#include <algorithm>
#include <filesystem>

#include "engine/api/data_file.h"
#include "engine/base/animation_limits.h"
#include "engine/base/error.h"
#include "engine/base/file_pattern.h"
#include "engine/base/text.h"

namespace kiln {

namespace {

std::vector<std::string> atlas_ids() {
  std::vector<std::string> ids;
  for (const AtlasKind& kind : atlas_kinds()) ids.push_back(kind.id);
  return ids;
}

}  // namespace

const std::vector<ParamSpec>& sheet_specs() {
  static const std::vector<ParamSpec> specs = {
      {.id = "atlas",
       .label = "Data for",
       .fallback = std::string(kNoAtlas),
       .choices = atlas_ids(),
       .help = "A file beside the sheet that tells a program where its sprites are: Aseprite's JSON (.json), a tileset of Tiled "
               "(.tsx), SpriteFrames of Godot 4 or 3 (.tres), Unity's slices (.png.meta), a style sheet (.css)"},
      {.id = "columns",
       .label = "Columns",
       .fallback = 0,
       .max = 4096,
       .help = "Sprites in a row; 0 makes the sheet as square as it gets",
       .zero_text = "square",
       .shown_max = 64},
      {.id = "class_rows",
       .label = "Row per class",
       .fallback = false,
       .help = "Each class begins a new row; the cells that are left over stay empty"},
      {.id = "padding",
       .label = "Padding",
       .unit = "px",
       .fallback = 0,
       .max = 256,
       .help = "Transparent pixels between two sprites",
       .shown_max = 16},
      {.id = "border",
       .label = "Border",
       .unit = "px",
       .fallback = 0,
       .max = 256,
       .help = "Transparent pixels around all sprites together",
       .shown_max = 16},
      {.id = "inner_padding",
       .label = "Inner padding",
       .unit = "px",
       .fallback = 0,
       .max = 256,
       .help = "Transparent pixels around each sprite that belong to its frame",
       .shown_max = 16},
      {.id = "extrude",
       .label = "Extrude",
       .unit = "px",
       .fallback = 0,
       .max = 64,
       .help = "Pixels around each frame that repeat its edge, so that no seam shows where a game draws tiles side by side",
       .shown_max = 8},
      {.id = "scale",
       .label = "Scale",
       .fallback = 1,
       .min = 1,
       .max = 64,
       .help = "Each pixel becomes a square of this many",
       .shown_max = 16},
      {.id = "trim",
       .label = "Trim",
       .fallback = false,
       .help = "Leaves out the transparent rows and columns around each sprite; the data file tells where it was"},
      {.id = "power_of_two",
       .label = "Power of two",
       .fallback = false,
       .help = "Makes both sides of the sheet 2, 4, 8, 16 … pixels long, with transparent pixels on the right and below"},
      {.id = "frame_ms",
       .label = "Frame",
       .unit = "ms",
       .fallback = 100,
       .min = kLeastFrameMs,
       .max = kMostFrameMs,
       .help = "How long a frame of an animation stands, for the data file",
       .shown_max = 500},
      {.id = "indexed",
       .label = "Indexed",
       .fallback = false,
       .help = "Writes a PNG of at most 256 colours with its palette, in the palette's order"},
  };
  return specs;
}

std::string lower_ending(std::string_view path) {
  std::string ending = std::filesystem::path(path).extension().string();
  for (char& letter : ending) letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  return ending;
}

void check_ending(std::string_view option, std::string_view path, const std::vector<std::string>& endings) {
  const std::string ending = lower_ending(path);
  if (std::find(endings.begin(), endings.end(), ending) != endings.end()) return;
  throw Failure(ErrorCode::kInvalidArgument,
                std::string(option) + " “" + std::string(path) + "” " +
                    (ending.size() < 2 ? "has no ending that says what to write" : "cannot be written as " + ending.substr(1)),
                "let the name end in " + joined(endings, " or "));
}

bool is_animation(std::string_view path) {
  const std::string ending = lower_ending(path);
  return ending == ".gif" || ending == ".apng";
}

ExportFormat export_format(std::string_view path) {
  const std::string ending = lower_ending(path);
  if (!ending.empty()) check_ending("the file", path, {".png", ".npy", ".npz"});  // a pipe may have none
  if (ending == ".npy") return ExportFormat::kNpy;
  if (ending == ".npz") return ExportFormat::kNpz;
  return FilePattern(path).has_fields() ? ExportFormat::kFiles : ExportFormat::kSheet;
}

}  // namespace kiln
