#include "app/panels/animate_export_panel.h"

#include <imgui_stdlib.h>

#include <filesystem>
#include <string>

#include "app/panels/animate_actions.h"
#include "app/panels/frame.h"
#include "app/widgets/fields.h"
#include "app/widgets/replace_question.h"
#include "engine/api/data_file.h"
#include "engine/api/export.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

struct Format {
  const char *ending, *id, *label;
};
constexpr Format kFormats[] = {{".gif", "gif", "GIF"}, {".apng", "apng", "Animated PNG"}, {".png", "sheet", "Sheet, PNG"}};

const Format& format_of(const AnimationFile& file) {
  const std::string ending = lower_ending(file.path);
  for (const Format& format : kFormats) {
    if (ending == format.ending) return format;
  }
  return kFormats[2];
}

void draw_format(Studio& studio) {
  Ui& ui = studio.ui;
  AnimationFile& file = studio.settings.animate.file;
  const Format& now = format_of(file);
  field_label(ui, "Format", "What the file's ending says");
  if (!begin_combo(ui, "animate.format", now.label, now.id)) return;
  for (const Format& format : kFormats) {
    if (ImGui::Selectable(format.label, &format == &now)) file.path = fs::path(file.path).replace_extension(format.ending).string();
    ui.map.note(std::string("animate.format.") + format.id);
  }
  ImGui::EndCombo();
}

void draw_data(Studio& studio) {
  Ui& ui = studio.ui;
  AnimationFile& file = studio.settings.animate.file;
  const std::string help =
      "A file beside the sheet that tells a program the frames, how long each stands, and the animation's name";
  quiet_text("Data for");
  ui.tooltips.show(help);
  ImGui::SetNextItemWidth(-FLT_MIN);
  std::string label;
  for (const AtlasKind& kind : atlas_kinds()) {
    if (kind.id == file.atlas) label = kind.label;
  }
  if (!begin_combo(ui, "animate.atlas", label, file.atlas)) return ui.tooltips.show(help);
  for (const AtlasKind& kind : atlas_kinds()) {
    if (ImGui::Selectable(kind.label.c_str(), kind.id == file.atlas)) file.atlas = kind.id;
    ui.map.note("animate.atlas." + kind.id);
  }
  ImGui::EndCombo();
}

std::string summary(const Studio& studio) {
  const AnimateSettings& settings = studio.settings.animate;
  const AnimateView& view = studio.view.animate;
  const bool sheet = format_of(settings.file).id == std::string("sheet");
  const Image& image = view.frames.front();
  const int count = static_cast<int>(view.frames.size());
  const int width = sheet ? (image.width + settings.file.padding) * count - settings.file.padding : image.width;
  return std::to_string(sheet ? view.frames.size() : view.order.size()) + " frames, " +
         std::to_string(width * settings.file.scale) + "×" + std::to_string(image.height * settings.file.scale) + " pixels";
}

}  // namespace

void draw_animate_export_panel(Studio& studio, Area rect) {
  AnimateSettings& settings = studio.settings.animate;
  Ui& ui = studio.ui;
  begin_panel("animate_export", rect);
  quiet_text("Export to");
  ImGui::SetNextItemWidth(-FLT_MIN);
  ImGui::InputText("##animate.path", &settings.file.path);
  ui.map.note("animate.path", ParamValue(settings.file.path));
  ui.tooltips.show(export_file(settings.file.path).string());
  draw_format(studio);
  if (format_of(settings.file).id == std::string("sheet")) {
    draw_data(studio);
    slider_row(ui, "animate.padding", "Padding", settings.file.padding, 0, kMostScale, 0, "Transparent pixels between two frames",
               "%d px");
  }
  slider_row(ui, "animate.scale", "Scale", settings.file.scale, 1, kMostScale, 1, "Each pixel becomes a square of this many");
  ImGui::Dummy({0, ui.px(4)});
  if (main_button(ui, "animate.export", "Export", {-FLT_MIN, ui.px(36)}, why_not_write(studio), "Writes what is played"))
    write_animation(studio, false);
  small_text(ui, summary(studio), colour::quiet());
  AnimateView& view = studio.view.animate;
  const char* what = view.there.size() == 1 ? "This file is there already" : "These files are there already";
  if (replace_question(ui, "animate", what, view.there, "What they hold is lost", view.asks)) write_animation(studio, true);
  end_panel();
}

}  // namespace kiln
