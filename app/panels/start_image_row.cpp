#include "app/panels/start_image_row.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "app/panels/frame.h"
#include "app/panels/steer_actions.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

constexpr float kPicture = 48;

void draw_picture(Studio& studio, const StartImage& start, float side) {
  Ui& ui = studio.ui;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::Dummy({side, side});
  ui.map.note("generate.start_image", ParamValue(start.file.sha256));
  const auto width = static_cast<float>(start.image.width), height = static_cast<float>(start.image.height);
  const float zoom = side >= std::max(width, height) ? std::floor(side / std::max(width, height)) : side / std::max(width, height);
  const ImVec2 size{width * zoom, height * zoom};
  const ImVec2 corner{at.x + std::floor((side - size.x) / 2), at.y + std::floor((side - size.y) / 2)};
  ui.sprites.show(
      ui.sprites.pictures("start_image", studio.view.steer.start_version, {start.image}), {{corner.x, corner.y, size.x, size.y, 0}},
      {.width = width, .height = height, .check_shift = check_shift(static_cast<int>(zoom)), .zoom = std::max(1.0f, zoom)});
  ui.tooltips.show("Sprites start from " + start.name + " with noise on it");
}

// What was done to fit it, or is going to be for another model than it was chosen for.
std::string fit_of(const StartImage& start, const std::optional<ModelInfo>& model) {
  if (!model || (start.image.width == model->width && start.image.height == model->height)) return start.fit;
  const auto size = [](int width, int height) { return std::to_string(width) + "×" + std::to_string(height); };
  return size(start.image.width, start.image.height) + " is fitted to the " + size(model->width, model->height) + " of this model";
}

enum class Asked { kNothing, kRemove, kCutAsSheet };

// Its name, how it was fitted, and what can be done with it.
Asked draw_facts(Studio& studio, const StartImage& start) {
  Ui& ui = studio.ui;
  small_text(ui, start.name, colour::text());
  if (const std::string fit = fit_of(start, studio.mirror.model()); !fit.empty()) {
    small_text(ui, fit, colour::quiet());
    ui.map.note("generate.start_image.fit", ParamValue(fit));
  }
  Asked asked = Asked::kNothing;
  if (action_button(ui, "generate.start_image.remove", "Remove", {0, 0}, {}, "Start from noise alone again"))
    asked = Asked::kRemove;
  if (!start.sheet.empty() && action_button(ui, "generate.start_image.sheet", "Cut as a sheet", {0, 0}, {},
                                            "It is a sheet of sprites: open it in the Data tab, and start from noise alone again"))
    asked = Asked::kCutAsSheet;
  return asked;
}

}  // namespace

void strength_row(Ui& ui, std::string_view name, ParamMap& params) {
  const ParamSpec& spec = find_spec(init_image_specs(), "strength", "init image");
  slider_row(ui, name, spec.label, std::get<double>(params["strength"]), 0.05, spec.max, std::get<double>(spec.fallback),
             spec.help);
}

void draw_start_image_row(Studio& studio) {
  const auto& start = studio.view.steer.start;
  if (!start) return;
  Ui& ui = studio.ui;
  field_label(ui, "Start from",
              "What sprites start from, with noise on it. Drop an image of any size on the window, or take one of the sprites");
  draw_picture(studio, *start, ui.px(kPicture));
  ImGui::SameLine();
  ImGui::BeginGroup();
  const Asked asked = draw_facts(studio, *start);
  ImGui::EndGroup();
  strength_row(ui, "generate.strength", studio.settings.generate.init_params);
  ImGui::Checkbox("Several strengths at once##generate.strengths", &studio.settings.generate.several_strengths);
  ui.map.note("generate.strengths", ParamValue(studio.settings.generate.several_strengths));
  ui.tooltips.show("The first sprite stays near to the image, the last is as far from it as Strength says, the others between");
  if (asked == Asked::kRemove) remove_start_image(studio.view);
  if (asked == Asked::kCutAsSheet) open_start_as_sheet(studio);
}

void draw_negative_row(Studio& studio) {
  Ui& ui = studio.ui;
  GenerateSettings& settings = studio.settings.generate;
  const ModelInfo* model = studio.mirror.model() ? &*studio.mirror.model() : nullptr;
  if (!model || model->classes.empty()) return;
  const std::string why_not = why_not_negative(settings, model);
  const std::string help = "A class that guidance leads away from: sprites have less of it";
  const bool known = std::find(model->classes.begin(), model->classes.end(), settings.negative) != model->classes.end();
  field_label(ui, "Away from", why_not.empty() ? help : why_not);
  ImGui::BeginDisabled(!why_not.empty());
  if (begin_combo(ui, "generate.negative", known ? display_name(settings.negative) : "no class", settings.negative)) {
    const auto entry = [&](const std::string& name, const std::string& label) {
      if (ImGui::Selectable(label.c_str(), name == settings.negative)) settings.negative = name;
      ui.map.note("generate.negative." + (name.empty() ? std::string("none") : name));
    };
    entry("", "no class");
    for (const std::string& name : model->classes) entry(name, display_name(name));
    ImGui::EndCombo();
  }
  ImGui::EndDisabled();
  ui.tooltips.show(why_not.empty() ? help : why_not);
}

}  // namespace kiln
