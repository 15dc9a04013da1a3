#include "app/panels/animate_export_panel.h"

#include <imgui_stdlib.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "app/panels/animate_actions.h"
#include "app/panels/frame.h"
#include "app/panels/notice_bar.h"
#include "app/widgets/fields.h"
#include "app/widgets/named_choice.h"
#include "app/widgets/replace_question.h"
#include "app/widgets/sheet_rows.h"
#include "engine/api/export.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

struct Format {
  std::string ending, id, label;
};

const std::vector<Format>& formats() {
  static const std::vector<Format> all = {
      {".gif", "gif", "GIF"}, {".apng", "apng", "Animated PNG"}, {".png", "sheet", "Sheet, PNG"}};
  return all;
}

const Format& format_of(const std::string& path) {
  const std::string ending = lower_ending(path);
  const auto found =
      std::find_if(formats().begin(), formats().end(), [&](const Format& format) { return format.ending == ending; });
  return found == formats().end() ? formats().back() : *found;
}

void draw_format(Studio& studio) {
  Ui& ui = studio.ui;
  std::string& path = studio.settings.animate.path;
  const std::string help = "What the file's ending says";
  field_label(ui, "Format", help);
  const std::string chosen = named_choice(ui, "animate.format", help, formats(), format_of(path).id);
  for (const Format& format : formats()) {
    if (format.id == chosen) path = fs::path(path).replace_extension(format.ending).string();
  }
}

// What would be written, found out anew when that is something else.
const PlannedFile& plan(Studio& studio) {
  const AnimateSettings& settings = studio.settings.animate;
  AnimateView& view = studio.view.animate;
  std::string layout = format_of(settings.path).ending;
  for (const auto& [id, value] : settings.sheet) layout += "," + to_string(value);
  const PlannedFile& planned = view.planned.get(layout, view.version, [&](const std::string&) -> PlannedFile {
    try {
      const auto [width, height] =
          written_size(view.frames, animation_file("animation" + format_of(settings.path).ending, settings.sheet));
      return {width, height};
    } catch (const Failure& failure) {
      return {0, 0, failure.error()};
    }
  });
  view.unwritable = planned.problem;
  return planned;
}

void draw_summary(Studio& studio, const PlannedFile& planned) {
  Ui& ui = studio.ui;
  const AnimateView& view = studio.view.animate;
  if (planned.problem) {
    small_text(ui, sentence(planned.problem->message) + ".", colour::error());
    return small_text(ui, sentence(planned.problem->hint) + ".", colour::quiet());
  }
  const bool sheet = format_of(studio.settings.animate.path).id == "sheet";
  const std::string summary = std::to_string(sheet ? view.frames.size() : view.order.size()) + " frames, " +
                              std::to_string(planned.width) + "×" + std::to_string(planned.height) + " pixels";
  small_text(ui, summary, colour::quiet());
  ui.map.note("animate.summary", ParamValue(summary));
}

}  // namespace

void draw_animate_export_panel(Studio& studio, Area rect) {
  AnimateSettings& settings = studio.settings.animate;
  Ui& ui = studio.ui;
  begin_panel("animate_export", rect);
  quiet_text("Export to");
  ImGui::SetNextItemWidth(-FLT_MIN);
  ImGui::InputText("##animate.path", &settings.path);
  ui.map.note("animate.path", ParamValue(settings.path));
  ui.tooltips.show(export_file(settings.path).string());
  draw_format(studio);
  const bool sheet = format_of(settings.path).id == "sheet";
  sheet_rows(ui, "animate.", animation_sheet_specs(), settings.sheet,
             [&](const ParamSpec& spec) { return sheet || spec.id == "scale"; });
  const PlannedFile& planned = plan(studio);
  ImGui::Dummy({0, ui.px(4)});
  if (main_button(ui, "animate.export", "Export", {-FLT_MIN, ui.px(36)}, why_not_write(studio), "Writes what is played"))
    write_animation(studio, false);
  draw_summary(studio, planned);
  AnimateView& view = studio.view.animate;
  const char* what = view.there.size() == 1 ? "This file is there already" : "These files are there already";
  if (replace_question(ui, "animate", what, view.there, "What they hold is lost", view.asks)) write_animation(studio, true);
  end_panel();
}

}  // namespace kiln
