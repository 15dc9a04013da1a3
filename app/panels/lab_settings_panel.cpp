#include "app/panels/lab_settings_panel.h"

#include <cmath>
#include <cstdio>

#include "app/panels/frame.h"
#include "app/panels/lab_actions.h"
#include "app/panels/lab_colours_panel.h"
#include "app/state/generate_settings.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

constexpr float kFactWidth = 120;

std::string number(const char* format, double value) {
  char text[48];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

void draw_sprite(Studio& studio, float width) {
  Ui& ui = studio.ui;
  LabView& view = studio.view.lab;
  fact_row(ui, "Sprite", view.sprite.empty() ? "none yet" : view.name, kFactWidth);
  ui.map.note("lab.sprite", ParamValue(view.name));
  if (action_button(ui, "lab.chosen", "The chosen sprite", {width, 0},
                    view.follows ? "It is the chosen sprite of the Generate tab" : "",
                    "The one that is chosen in the Generate tab, and always so"))
    look_at_chosen(studio);
  if (view.follows) small_text(ui, "or drop an image here", colour::quiet());
}

void draw_class(Studio& studio) {
  Ui& ui = studio.ui;
  LabView& view = studio.view.lab;
  const auto& model = studio.mirror.model();
  if (!model || model->classes.empty()) return;
  const std::string shown = describe(lab_condition(studio));
  field_label(ui, "Class", "Under which the sprite is looked at; a click into the map of the classes mixes some");
  if (!begin_combo(ui, "lab.class", shown, shown)) return;
  const auto entry = [&](const char* id, const std::string& label, std::optional<Condition> condition) {
    if (ImGui::Selectable(label.c_str(), view.condition == condition)) view.condition = std::move(condition);
    ui.map.note(std::string("lab.class.") + id, ParamValue(label));
  };
  if (!view.made_with.empty()) entry("made", "as it was made: " + describe(view.made_with), std::nullopt);
  entry("none", "no class", Condition{});
  for (const std::string& name : model->classes) entry(name.c_str(), display_name(name), Condition{{name, 1.0}});
  ImGui::EndCombo();
}

void draw_facts(Studio& studio) {
  const auto& result = studio.mirror.lab.result();
  if (!result) return;
  const Ui& ui = studio.ui;
  fact_row(ui, "t", std::to_string(result->timestep) + " of " + std::to_string(result->timesteps), kFactWidth);
  fact_row(ui, "ᾱ", number("%.4f", result->alpha_bar), kFactWidth);
  fact_row(ui, "Signal to noise", number("%.4g", result->alpha_bar / std::max(1e-12, 1 - result->alpha_bar)), kFactWidth);
}

// One row for each picture, so that a pixel can be compared.
void draw_pixel(Studio& studio) {
  Ui& ui = studio.ui;
  const auto& result = studio.mirror.lab.result();
  const auto& pixel = studio.view.lab.pixel;
  if (!result || result->pictures.empty()) return;
  if (!pixel) {
    quiet_text("Point at a pixel for its numbers,\nand for what it looks at.");
    return;
  }
  const auto [x, y] = *pixel;
  ImGui::Text("Pixel %d, %d", x, y);
  ImGui::SameLine();
  quiet_text(result->pictures.front().values.channels == 4 ? "R, G, B, alpha" : "R, G, B");
  ImGui::PushFont(ui.theme.small);
  for (const LabPicture& picture : result->pictures) {
    if (x >= picture.values.width || y >= picture.values.height) continue;
    std::string numbers;
    for (int c = 0; c < picture.values.channels; ++c) numbers += number("%7.3f", static_cast<double>(picture.values.at(c, y, x)));
    fact_row(ui, picture.label.c_str(), numbers, kFactWidth);
    ui.map.note("lab.numbers." + picture.id, ParamValue(numbers));
  }
  ImGui::PopFont();
}

}  // namespace

void draw_lab_settings(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  LabSettings& settings = studio.settings.lab;
  begin_panel("lab.settings", rect);
  const float width = ImGui::GetContentRegionAvail().x;
  draw_sprite(studio, width);
  ImGui::Dummy({0, ui.px(4)});
  draw_class(studio);
  slider_row(ui, "lab.t", "Noise", settings.level, 0, 1, kLabLevel,
             "The noise level t, as a share of the schedule: 0 is the least noise, 1 the most");
  const ModelInfo* model = studio.mirror.model() ? &*studio.mirror.model() : nullptr;
  for (const ParamSpec& spec : lab_params_for(studio.mirror.catalog(), model)) param_row(ui, "lab.", spec, settings.values);
  ImGui::Dummy({0, ui.px(4)});
  draw_facts(studio);
  ImGui::Dummy({0, ui.px(4)});
  const std::string why_not = studio.mirror.lab.result() ? "" : "There is nothing to see yet";
  if (action_button(ui, "lab.save", "Save as a picture", {width, 0}, why_not,
                    "All that this tab shows, as a PNG beside where sheets go"))
    save_lab_picture(studio);
  ImGui::Dummy({0, ui.px(4)});
  ImGui::Separator();
  ImGui::Dummy({0, ui.px(2)});
  if (studio.mirror.lab.result() && !studio.mirror.lab.result()->colours.entries.empty()) {
    draw_lab_colours(studio, width);
    ImGui::Dummy({0, ui.px(6)});
  }
  draw_pixel(studio);
  end_panel();
}

}  // namespace kiln
