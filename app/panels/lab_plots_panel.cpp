#include "app/panels/lab_plots_panel.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/panels/frame.h"
#include "app/panels/lab_actions.h"
#include "app/state/class_mix.h"
#include "app/widgets/fields.h"
#include "engine/api/lab_pictures.h"

namespace kiln {
namespace {

constexpr float kScheduleHeight = 84, kMapHeight = 190, kAttentionSide = 160;
constexpr float kShade = 0.85f;  // where attention does not look

ImU32 faded(const ImVec4& ink, float alpha) { return packed({ink.x, ink.y, ink.z, alpha}); }

// A field of the row's width; returns its upper left corner.
ImVec2 field(Studio& studio, const char* name, float width, float height) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::InvisibleButton(name, {width, height});
  studio.ui.map.note(name);
  ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + width, at.y + height}, ImGui::GetColorU32(ImGuiCol_FrameBg),
                                            studio.ui.px(3));
  return at;
}

// How much of its looking each pixel of a layer gets: from one pixel, or from all, in [0, 1] of the most.
std::vector<float> looks(const AttentionMap& map, const LabPicture& picture, const std::optional<std::pair<int, int>>& from) {
  const std::size_t pixels = static_cast<std::size_t>(map.width) * static_cast<std::size_t>(map.height);
  std::vector<float> all(pixels, 0);
  std::size_t row = 0, rows = pixels;
  if (from) {
    const int x = from->first * map.width / picture.values.width, y = from->second * map.height / picture.values.height;
    row = static_cast<std::size_t>(y) * static_cast<std::size_t>(map.width) + static_cast<std::size_t>(x);
    rows = 1;
  }
  for (std::size_t p = row; p < row + rows; ++p) {
    for (std::size_t i = 0; i < pixels; ++i) all[i] += map.weights[p * pixels + i];
  }
  const float most = std::max(1e-12f, *std::max_element(all.begin(), all.end()));
  for (float& value : all) value /= most;
  return all;
}

void choose_layer(Studio& studio, const LabResult& result) {
  LabView& view = studio.view.lab;
  const int last = static_cast<int>(result.attention.size()) - 1;
  view.layer = std::clamp(view.layer, 0, last);
  ImGui::SetNextItemWidth(-1);
  const std::string& shown = result.attention[static_cast<std::size_t>(view.layer)].label;
  if (!begin_combo(studio.ui, "lab.layer", "Layer " + shown, shown)) return;
  for (int i = 0; i <= last; ++i) {
    const std::string& label = result.attention[static_cast<std::size_t>(i)].label;
    if (ImGui::Selectable(label.c_str(), i == view.layer)) view.layer = i;
    studio.ui.map.note("lab.layer." + std::to_string(i), ParamValue(label));
  }
  ImGui::EndCombo();
}

void draw_attention(Studio& studio, const LabResult& result, float width) {
  Ui& ui = studio.ui;
  LabView& view = studio.view.lab;
  ImGui::TextUnformatted("What attention looks at");
  ui.tooltips.show("Bright is where a layer's pixels take from, on average; of one pixel, while the pointer is on it");
  if (result.attention.empty()) return quiet_text("This network has no attention.");
  choose_layer(studio, result);
  const AttentionMap& map = result.attention[static_cast<std::size_t>(view.layer)];
  const LabPicture& sprite = result.pictures.front();
  const int w = sprite.values.width, h = sprite.values.height;
  const int zoom = std::max(1, static_cast<int>(std::min(width, ui.px(kAttentionSide))) / std::max(w, h));
  const float shown_width = static_cast<float>(w * zoom), shown_height = static_cast<float>(h * zoom);
  const ImVec2 row = ImGui::GetCursorScreenPos(), at{row.x + std::floor((width - shown_width) / 2), row.y};
  ImGui::Dummy({width, shown_height});
  ui.map.note("lab.attention", at, {at.x + shown_width, at.y + shown_height}, ParamValue(map.label));
  const auto placed = std::find_if(result.pictures.begin(), result.pictures.end(),
                                   [](const LabPicture& picture) { return picture.id == "predicted_sprite"; });
  ui.sprites.show(
      ui.sprites.pictures("lab.attention", studio.mirror.lab.version(), {placed->shown}),
      {{at.x, at.y, shown_width, shown_height, 0}},
      {.width = static_cast<float>(w), .height = static_cast<float>(h), .check_shift = 0, .zoom = static_cast<float>(zoom)});
  const std::vector<float> parts = looks(map, sprite, view.pixel);
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float cell_width = shown_width / static_cast<float>(map.width), cell_height = shown_height / static_cast<float>(map.height);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t across = i % static_cast<std::size_t>(map.width), down = i / static_cast<std::size_t>(map.width);
    const float x = at.x + static_cast<float>(across) * cell_width, y = at.y + static_cast<float>(down) * cell_height;
    list->AddRectFilled({x, y}, {x + cell_width, y + cell_height}, faded({0, 0, 0, 1}, kShade * (1 - std::sqrt(parts[i]))));
  }
}

// Names beside points, where no other name stands yet.
class LabelRoom {
 public:
  explicit LabelRoom(const ImFont* font) : font_(font) {}

  void write(ImDrawList* list, ImVec2 left, const ImVec4& ink, const std::string& text) {
    const ImVec2 size = font_->CalcTextSizeA(font_->FontSize, FLT_MAX, 0, text.c_str());
    const ImVec4 area{left.x, left.y - size.y / 2, left.x + size.x, left.y + size.y / 2};
    for (const ImVec4& other : taken_) {
      if (area.x < other.z && other.x < area.z && area.y < other.w && other.y < area.w) return;
    }
    taken_.push_back(area);
    list->AddText(font_, font_->FontSize, {std::floor(area.x), std::floor(area.y)}, packed(ink), text.c_str());
  }

 private:
  const ImFont* font_;
  std::vector<ImVec4> taken_;  // left, top, right, bottom
};

double weight_of(const Condition& condition, const std::string& name) {
  const auto part = std::find_if(condition.begin(), condition.end(), [&](const ClassWeight& w) { return w.name == name; });
  return part == condition.end() ? 0 : part->weight;
}

void draw_classes(Studio& studio, const LabResult& result, float width) {
  Ui& ui = studio.ui;
  if (result.classes.empty()) return;
  char title[80];
  std::snprintf(title, sizeof title, "Classes as the network has them (%.0f %%)", result.explained * 100);
  ImGui::TextUnformatted(title);
  ui.tooltips.show(
      "The two principal components of the class embeddings, and how much of their variance that is. Click a class to "
      "look at the sprite under it, or between some for a mix");
  const float height = ui.px(kMapHeight), inset = ui.px(12), room_for_names = ui.px(52);
  const ImVec2 at = field(studio, "lab.classes", width, height);
  const ImVec2 span{(width - inset - room_for_names) / 2, height / 2 - inset};
  const ImVec2 centre{at.x + inset + span.x, at.y + height / 2};
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  if (ImGui::IsItemClicked()) {
    studio.view.lab.condition = mix_at(result.classes, static_cast<double>((mouse.x - centre.x) / span.x),
                                       static_cast<double>((centre.y - mouse.y) / span.y));
  }
  const Condition condition = lab_condition(studio);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRect(at, {at.x + width, at.y + height}, true);
  LabelRoom room(ui.theme.small);
  std::string under;
  for (const bool chosen : {true, false}) {  // those that are looked at have their names for certain
    for (const PlacedClass& place : result.classes) {
      const double weight = weight_of(condition, place.name);
      if ((weight > 0) != chosen) continue;
      const ImVec2 dot{centre.x + static_cast<float>(place.x) * span.x, centre.y - static_cast<float>(place.y) * span.y};
      const float radius = chosen ? ui.px(3) + ui.px(3) * static_cast<float>(std::min(1.0, weight)) : ui.px(2.5f);
      list->AddCircleFilled(dot, radius, packed(chosen ? colour::chosen() : colour::quiet()), 12);
      room.write(list, {dot.x + radius + ui.px(3), dot.y}, chosen ? colour::text() : colour::quiet(), display_name(place.name));
      if (std::hypot(mouse.x - dot.x, mouse.y - dot.y) < ui.px(6)) under = display_name(place.name);
      ui.map.note("lab.classes." + place.name, {dot.x - radius, dot.y - radius}, {dot.x + radius, dot.y + radius},
                  ParamValue(chosen));
    }
  }
  list->PopClipRect();
  ui.tooltips.show(under.empty() ? "Click near some classes to mix them" : under);
}

// ᾱ and the signal-to-noise ratio over t, the steps that a run visits, and the noise level.
void draw_schedule(Studio& studio, const LabResult& result, float width) {
  Ui& ui = studio.ui;
  ImGui::TextUnformatted("Noise schedule");
  ui.tooltips.show(
      "How much of the sprite is left at each noise level (ᾱ), from the least noise (left) to the most, and the signal-to-noise "
      "ratio ᾱ / (1 - ᾱ), from 10^4 down to 10^-4; the marks below are the steps of a run. Click to look at a level");
  const float height = ui.px(kScheduleHeight), floor = ui.px(8);
  const ImVec2 at = field(studio, "lab.schedule", width, height);
  const double last = std::max(1, result.timesteps - 1);
  if (ImGui::IsItemActive())
    studio.settings.lab.level = std::clamp(static_cast<double>((ImGui::GetIO().MousePos.x - at.x) / width), 0.0, 1.0);
  const auto x = [&](double t) { return at.x + static_cast<float>(t / last) * width; };
  ImDrawList* list = ImGui::GetWindowDrawList();
  std::vector<ImVec2> curve, ratio;
  const std::size_t every = std::max<std::size_t>(1, result.alphas_bar.size() / 200);
  for (std::size_t t = 0; t < result.alphas_bar.size(); t += every) {
    const float across = x(static_cast<double>(t));
    curve.push_back({across, at.y + static_cast<float>(1 - result.alphas_bar[t]) * (height - floor)});
    ratio.push_back({across, at.y + static_cast<float>(1 - height_of_snr(result.alphas_bar[t])) * (height - floor)});
  }
  for (const int t : result.visited)
    list->AddLine({std::floor(x(t)), at.y + height - floor}, {std::floor(x(t)), at.y + height}, packed(colour::quiet()));
  list->AddPolyline(ratio.data(), static_cast<int>(ratio.size()), packed(colour::curve(1)), 0, ui.px(1.8f));
  list->AddPolyline(curve.data(), static_cast<int>(curve.size()), packed(colour::curve(0)), 0, ui.px(1.8f));
  const ImFont* font = ui.theme.small;
  const float right = at.x + width - ui.px(34);
  list->AddText(font, font->FontSize, {right, at.y + ui.px(4)}, packed(colour::curve(0)), "ᾱ");
  list->AddText(font, font->FontSize, {right, at.y + ui.px(18)}, packed(colour::curve(1)), "SNR");
  list->AddLine({std::floor(x(result.timestep)), at.y}, {std::floor(x(result.timestep)), at.y + height}, packed(colour::chosen()));
}

void draw_times(Studio& studio, float width) {
  Ui& ui = studio.ui;
  const LabMirror& lab = studio.mirror.lab;
  ImGui::TextUnformatted("Where the time of a step goes");
  const std::string why_not = lab.measuring() ? "It is being measured" : "";
  if (action_button(ui, "lab.measure", lab.measuring() ? "Measuring…" : "Measure", {width, 0}, why_not,
                    "A guided step of 16 sprites on one core, in fp32; takes a second"))
    measure_step(studio);
  double all = 0;
  for (const PartTime& part : lab.times()) all += part.ms;
  for (const PartTime& part : lab.times()) {
    char text[64];
    std::snprintf(text, sizeof text, "%.1f ms, %.0f %%", part.ms, all > 0 ? part.ms / all * 100 : 0);
    fact_row(ui, part.name.c_str(), text, 160);
    ui.map.note("lab.time." + part.name, ParamValue(part.ms));
  }
}

}  // namespace

void draw_lab_plots(Studio& studio, Area rect) {
  begin_panel("lab.plots", rect);
  const auto& result = studio.mirror.lab.result();
  if (result && !result->pictures.empty()) {
    const float width = ImGui::GetContentRegionAvail().x, gap = studio.ui.px(6);
    draw_attention(studio, *result, width);
    ImGui::Dummy({0, gap});
    draw_classes(studio, *result, width);
    ImGui::Dummy({0, gap});
    draw_schedule(studio, *result, width);
    ImGui::Dummy({0, gap});
    draw_times(studio, width);
  }
  end_panel();
}

}  // namespace kiln
