#include "app/panels/export_actions.h"

#include <algorithm>
#include <cstdio>
#include <system_error>

#include "engine/api/data_file.h"
#include "engine/gallery/recipe_batch.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

std::string size_text(std::int64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " bytes";
  char text[32];
  std::snprintf(text, sizeof text, bytes < 1'000'000 ? "%.3g KB" : "%.3g MB",
                static_cast<double>(bytes) / (bytes < 1'000'000 ? 1e3 : 1e6));
  return text;
}

// A data file goes with a sheet or a collection, not with one sprite, an array or an animation.
ParamMap options_of(const Studio& studio, bool alone) {
  ParamMap options = studio.settings.exporting.sheet;
  const std::string path = export_target(studio).string(), ending = lower_ending(path);
  if (alone || ending == ".npy" || ending == ".npz" || is_animation(path)) options["atlas"] = std::string(kNoAtlas);
  return options;
}

// Those that are there, of the files that an export writes. Of a pattern, the engine has told which these are.
std::vector<std::string> files_there(const Studio& studio, bool alone) {
  const std::string path = export_target(studio).string();
  std::vector<std::string> files = {path};
  const auto& previewed = studio.mirror.exporting.previewed();
  if (!is_animation(path) && export_format(path) == ExportFormat::kFiles) {
    files.clear();
    if (alone) {
      const std::vector<SpriteRecipe> recipes = studio.mirror.batch().recipes(studio.view.chosen);
      if (!recipes.empty()) files = FilePattern(path).paths({file_values(recipes.front(), 0)});
    } else if (previewed) {  // if not, the engine replaces nothing unasked
      for (const ExportFile& file : previewed->files) files.push_back(file.path);
    }
  } else if (const std::string data = data_file(get_text(options_of(studio, alone), "atlas"), path); !data.empty()) {
    files.push_back(data);
  }
  std::error_code ignored;
  std::erase_if(files, [&](const std::string& file) { return !fs::is_regular_file(file, ignored); });
  return files;
}

void write(Studio& studio, bool alone, bool replace) {
  const std::string path = export_target(studio).string();
  if (alone)
    studio.mirror.export_png(path, studio.view.chosen, options_of(studio, true), replace);
  else
    studio.mirror.export_sheet(path, options_of(studio, false), replace, exported_places(studio), studio.view.exporting.cells);
}

std::size_t filled(const std::vector<int>& cells) {
  return static_cast<std::size_t>(std::count_if(cells.begin(), cells.end(), [](int sprite) { return sprite >= 0; }));
}

// The cells as they are shown become the artist's own, with as many columns. False if no sheet is shown.
bool arrange(Studio& studio) {
  const auto& previewed = studio.mirror.exporting.previewed();
  if (!previewed || previewed->cells.empty()) return false;
  std::vector<int>& cells = studio.view.exporting.cells;
  if (!cells.empty()) return true;
  for (const ExportCell& cell : previewed->cells) cells.push_back(cell.sprite);
  ParamMap& sheet = studio.settings.exporting.sheet;
  sheet["columns"] = std::int64_t{previewed->columns};
  sheet["class_rows"] = false;
  return true;
}

}  // namespace

fs::path export_target(const Studio& studio) { return export_file(studio.settings.exporting.path); }

std::vector<int> exported_places(const Studio& studio) {
  std::vector<int> places = studio.view.grid.selection.places();
  if (places.size() < 2) places.clear();
  return places;
}

std::string why_not_export(Studio& studio) {
  if (studio.mirror.engine() != EngineState::kReady) return "The engine is not running";
  if (!studio.mirror.batch().has_pixels()) return "There are no sprites yet: generate some first";
  if (studio.settings.exporting.path.empty()) return "Type a file name first";
  if (is_animation(export_target(studio).string()) && studio.view.grid.timeline.stops().empty())
    return "The fade of these sprites is not kept: previews were off, or they are from an earlier start";
  const std::string& bad = studio.view.exporting.why_not_path.get(studio.settings.exporting.path, 0, [&](const std::string&) {
    try {
      if (const std::string path = export_target(studio).string(); !is_animation(path)) export_format(path);
      return std::string();
    } catch (const Failure& failure) {
      return failure.error().message + ": " + failure.error().hint;
    }
  });
  if (!bad.empty()) return bad;
  const auto& problem = studio.mirror.exporting.problem();
  return problem && !studio.mirror.exporting.previewing() ? problem->message + ": " + problem->hint : std::string();
}

void swap_cells(Studio& studio, int first, int second) {
  if (!arrange(studio)) return;
  std::vector<int>& cells = studio.view.exporting.cells;
  const auto count = static_cast<int>(cells.size());
  if (first < 0 || second < 0 || first >= count || second >= count) return;
  std::swap(cells[static_cast<std::size_t>(first)], cells[static_cast<std::size_t>(second)]);
}

void add_empty_cell(Studio& studio) {
  if (arrange(studio)) studio.view.exporting.cells.push_back(-1);
}

void start_export(Studio& studio, bool alone) {
  ExportView& view = studio.view.exporting;
  view.there = files_there(studio, alone);
  view.alone = alone;
  if (view.there.empty()) return write(studio, alone, false);
  view.before = view.page;
  view.page = ExportView::Page::kReplace;
}

void replace_export(Studio& studio) { write(studio, studio.view.exporting.alone, true); }

void follow_export_preview(Studio& studio) {
  ExportView& view = studio.view.exporting;
  const GeneratedBatch& batch = studio.mirror.batch();
  if (studio.mirror.engine() != EngineState::kReady || !batch.has_pixels() || batch.passing || studio.mirror.busy()) return;
  const ExportSettings& settings = studio.settings.exporting;
  const std::vector<int> places = exported_places(studio);
  const std::size_t count = places.empty() ? static_cast<std::size_t>(batch.count()) : places.size();
  if (view.asked_places != places || count != filled(view.cells)) view.cells.clear();
  const bool same =
      view.asked == settings && view.asked_batch == batch.version && view.asked_places == places && view.asked_cells == view.cells;
  if (settings.path.empty() || same) return;
  view.asked = settings;
  view.asked_batch = batch.version;
  view.asked_places = places;
  view.asked_cells = view.cells;
  studio.mirror.preview_export(export_target(studio).string(), options_of(studio, false), places, view.cells);
}

std::string export_summary(const Studio& studio) {
  const auto& previewed = studio.mirror.exporting.previewed();
  if (!previewed || previewed->files.empty() || studio.mirror.busy()) return {};
  std::int64_t bytes = 0;
  for (const ExportFile& file : previewed->files) bytes += file.bytes;
  std::string text;
  if (previewed->width > 0) text = std::to_string(previewed->width) + "×" + std::to_string(previewed->height) + " pixels";
  const auto count = previewed->files.size();
  if (count > 2)
    return std::to_string(count) + " files" + (text.empty() ? "" : ", " + text + " each") + ", " + size_text(bytes) + " in all";
  text += (text.empty() ? "" : ", ") + size_text(previewed->files.front().bytes);
  if (count == 2)
    text += "; and " + fs::path(previewed->files.back().path).filename().string() + ", " + size_text(previewed->files.back().bytes);
  return text;
}

}  // namespace kiln
