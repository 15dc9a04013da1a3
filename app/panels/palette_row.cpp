#include "app/panels/palette_row.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include "app/state/newest.h"
#include "app/widgets/fields.h"
#include "app/widgets/swatches.h"
#include "engine/base/lower_case.h"
#include "engine/base/text.h"
#include "engine/formats/palette_file.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr double kLook_s = 0.03;  // between two looks whether a file is read
constexpr int kFewestFitted = 2, kMostFitted = 64, kUsualFitted = 16;

std::string colours_of(std::size_t count) { return std::to_string(count) + (count == 1 ? " colour" : " colours"); }

bool is_fitted(const std::string& palette) { return palette.starts_with(kFittedPalette); }

int fitted_colours(const std::string& palette) {
  return static_cast<int>(parse_int(palette.substr(kFittedPalette.size())).value_or(kUsualFitted));
}

std::string shown(const std::string& palette, const ModelInfo* model) {
  if (palette == kAnyColours) return "Any colours";
  if (is_fitted(palette)) return colours_of(static_cast<std::size_t>(fitted_colours(palette))) + ", fitted";
  if (palette.starts_with('#')) return colours_of(static_cast<std::size_t>(std::count(palette.begin(), palette.end(), '#')));
  if (palette != kModelPalette) return fs::path(palette).filename().string();
  if (!model) return "The model's palette";
  if (model->palette.colours.empty()) return "Any: no palette";
  return "The model's " + std::to_string(model->palette.colours.size());
}

void open_browser(FileBrowser& browser, const std::string& palette) {
  const fs::path file(palette);
  browser.open({.title = "Open a palette (.gpl .hex .pal .act .aseprite .png)",
                .name = "generate.palette_browser",
                .takes_folders = false,
                .takes_file = is_palette_file},
               is_palette_file(file) ? file.parent_path() : fs::path());
}

void draw_choices(Studio& studio, std::string& palette) {
  Ui& ui = studio.ui;
  const auto entry = [&](const char* id, const char* label, const char* help, bool chosen) {
    const bool clicked = ImGui::Selectable(label, chosen);
    ui.map.note(std::string("generate.palette.") + id);
    ui.tooltips.show(help);
    return clicked;
  };
  if (entry("model", "The model's palette", "The colours of the sprites that it was trained on", palette == kModelPalette))
    palette = kModelPalette;
  if (entry("fitted", "Fitted colours", "As few as you say, the best for all sprites of a batch together", is_fitted(palette)) &&
      !is_fitted(palette))
    palette = std::string(kFittedPalette) + std::to_string(kUsualFitted);
  if (entry("file", "A palette file…", "GIMP, Lospec, JASC, Adobe (.act), Aseprite, or a PNG of its colours",
            is_palette_file(palette)))
    open_browser(studio.view.palette_browser, palette);
  if (entry("off", "Any colours", "As the model paints them, many slightly different ones", palette == kAnyColours))
    palette = kAnyColours;
}

// The file is read first, so that no sprites are asked for in the colours of one that has none.
void choose_file(Studio& studio, const fs::path& file) {
  begin_newest(studio.view.palette_coming, [file]() -> std::variant<std::string, Error> {
    const auto read = palette_in(file);
    if (const auto* error = std::get_if<Error>(&read)) return *error;
    return file.string();
  });
}

void take_file(Studio& studio, std::string& palette) {
  View& view = studio.view;
  if (!view.palette_coming.valid()) return;
  if (view.palette_coming.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    const double due = view.now_s + kLook_s;
    view.wake_s = view.wake_s < 0 ? due : std::min(view.wake_s, due);
    return;
  }
  auto came = view.palette_coming.get();
  if (auto* file = std::get_if<std::string>(&came))
    palette = std::move(*file);
  else
    studio.mirror.notices.add(std::get<Error>(came));
}

}  // namespace

std::variant<Palette, Error> palette_in(const std::filesystem::path& file) {
  try {
    Palette palette = read_palette(file);
    if (!palette.colours.empty()) return palette;
    return Error{ErrorCode::kCorrupt, "“" + file.filename().string() + "” holds no colours", "choose another palette", ""};
  } catch (const Failure& failure) {
    return failure.error();
  }
}

bool is_palette_file(const std::filesystem::path& path) {
  const std::string ending = lower_case(path.extension().string());
  for (const char* known : {".gpl", ".hex", ".pal", ".act", ".txt", ".ase", ".aseprite", ".png", ".gif", ".webp", ".bmp"}) {
    if (ending == known) return true;
  }
  return false;
}

void draw_palette_row(Studio& studio, const ParamSpec& spec) {
  Ui& ui = studio.ui;
  auto& palette = std::get<std::string>(studio.settings.generate.shared_params[spec.id]);
  const ModelInfo* model = studio.mirror.model() ? &*studio.mirror.model() : nullptr;
  field_label(ui, spec.label, "Which colours the sprites have");
  if (begin_combo(ui, "generate.palette", shown(palette, model), palette)) {
    draw_choices(studio, palette);
    ImGui::EndCombo();
  }
  if (is_fitted(palette)) {
    int count = fitted_colours(palette);
    if (slider_row(ui, "generate.palette.count", "", count, kFewestFitted, kMostFitted, kUsualFitted, "", "%d colours"))
      palette = std::string(kFittedPalette) + std::to_string(count);
  }
  if (palette == kModelPalette && model && !model->palette.colours.empty()) {
    field_label(ui, "", "");
    draw_swatches(ui, model->palette);
  }
  if (const auto chosen = studio.view.palette_browser.draw(ui)) choose_file(studio, *chosen);
  take_file(studio, palette);
}

}  // namespace kiln
