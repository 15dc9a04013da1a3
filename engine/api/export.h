#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/param_spec.h"
#include "engine/base/rect.h"

namespace kiln {

inline constexpr const char* kNoAtlas = "none";

// How sprites are laid out and written: the sheet, and the data file beside it (“atlas”). All that the window, the command line and
// the engine know of these options is in this list.
const std::vector<ParamSpec>& sheet_specs();

enum class ExportFormat { kSheet, kFiles, kNpy, kNpz };

// What a path asks for: .png one sheet, with braces in its name (file_pattern.h) a PNG for each sprite; .npy and .npz one array.
// Throws Failure(kInvalidArgument), which lists the endings that are offered.
ExportFormat export_format(std::string_view path);

// Whether a path asks for an animation: .gif or .apng.
bool is_animation(std::string_view path);

// A path's ending in small letters, with its dot; empty if it has none.
std::string lower_ending(std::string_view path);

// Throws Failure(kInvalidArgument), which lists `endings`, unless `path` ends in one of them. `option`: what errors call it.
void check_ending(std::string_view option, std::string_view path, const std::vector<std::string>& endings);

struct ExportFile {
  std::string path;
  std::int64_t bytes = 0;
};

// A cell of a sheet.
struct ExportCell {
  Rect area;        // pixels of the sheet
  int sprite = -1;  // of the export's; below 0: none
  friend bool operator==(const ExportCell&, const ExportCell&) = default;
};

}  // namespace kiln
