#include "app/panels/lab_colours_panel.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/panels/frame.h"
#include "app/widgets/fields.h"
#include "engine/api/lab_pictures.h"

namespace kiln {
namespace {

constexpr std::size_t kMost = 32;  // entries with a bar of their own
constexpr float kBarHeight = 36, kSwatchHeight = 14, kPictureSide = 96;

std::string name_of(const Rgba8& entry) {
  if (entry.a == 0) return "transparent";
  char text[32];
  std::snprintf(text, sizeof text, entry.a == 255 ? "#%02x%02x%02x" : "#%02x%02x%02x%02x", entry.r, entry.g, entry.b, entry.a);
  return text;
}

// Transparent: a frame with a stroke through it.
void draw_swatch(ImDrawList* list, ImVec2 from, ImVec2 to, const Rgba8& entry) {
  if (entry.a == 0) {
    list->AddRect(from, to, packed(colour::quiet()));
    list->AddLine({from.x, to.y}, {to.x, from.y}, packed(colour::quiet()));
  } else {
    list->AddRectFilled(from, to, IM_COL32(entry.r, entry.g, entry.b, 255));
  }
}

double probability(const ColourProbabilities& colours, std::size_t entry, const std::optional<std::pair<int, int>>& pixel) {
  const double p =
      pixel ? static_cast<double>(colours.values.at(static_cast<int>(entry), pixel->second, pixel->first)) : colours.mean(entry);
  return std::abs(p) < 5e-4 ? 0 : p;  // shown as 0.000, not as -0.000
}

void draw_bars(Studio& studio, const ColourProbabilities& colours, const std::vector<std::size_t>& entries, float width) {
  Ui& ui = studio.ui;
  LabView& view = studio.view.lab;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float bar = ui.px(kBarHeight), swatch = ui.px(kSwatchHeight), cell = std::floor(width / static_cast<float>(entries.size()));
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::size_t entry = entries[i];
    const double p = probability(colours, entry, view.pixel);
    const float left = at.x + static_cast<float>(i) * cell, right = left + cell - ui.px(2);
    ImGui::SetCursorScreenPos({left, at.y});
    ImGui::PushID(static_cast<int>(entry));
    if (ImGui::InvisibleButton("entry", {cell, bar + swatch})) view.entry = entry;
    ImGui::PopID();
    ui.map.note("lab.colours." + std::to_string(entry), ParamValue(p));
    char text[80];
    std::snprintf(text, sizeof text, "%s: %.3f", name_of(colours.entries[entry]).c_str(), p);
    ui.tooltips.show(text);
    const float height = bar * static_cast<float>(std::clamp(p, 0.0, 1.0));
    list->AddRectFilled({left, at.y}, {right, at.y + bar}, ImGui::GetColorU32(ImGuiCol_FrameBg));
    list->AddRectFilled({left, at.y + bar - height}, {right, at.y + bar}, packed(colour::curve(0)));
    draw_swatch(list, {left, at.y + bar + ui.px(2)}, {right, at.y + bar + swatch}, colours.entries[entry]);
    if (entry == view.entry) list->AddRect({left - 1, at.y - 1}, {right + 1, at.y + bar + swatch + 1}, packed(colour::chosen()));
  }
  ImGui::SetCursorScreenPos({at.x, at.y + bar + swatch});
}

// Where the chosen entry is likely, and how likely under the pointer.
void draw_where(Studio& studio, const ColourProbabilities& colours) {
  Ui& ui = studio.ui;
  const LabView& view = studio.view.lab;
  const int zoom = std::max(1, static_cast<int>(ui.px(kPictureSide)) / std::max(colours.values.width, colours.values.height));
  const float width = static_cast<float>(colours.values.width * zoom), height = static_cast<float>(colours.values.height * zoom);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::Dummy({width, height});
  ui.map.note("lab.colour_picture", ParamValue(name_of(colours.entries[view.entry])));
  ui.tooltips.show("White where the predicted sprite has this colour for certain, black where it has not");
  const std::uint64_t version = studio.mirror.lab.version() * 1024 + view.entry;
  ui.sprites.show(ui.sprites.pictures("lab.colour", version, {probability_picture(colours.values, view.entry)}),
                  {{at.x, at.y, width, height, 0}},
                  {.width = static_cast<float>(colours.values.width),
                   .height = static_cast<float>(colours.values.height),
                   .check_shift = 0,
                   .zoom = static_cast<float>(zoom)});
  ImGui::SameLine(0, ui.px(12));
  ImGui::BeginGroup();
  ImGui::TextUnformatted(name_of(colours.entries[view.entry]).c_str());
  char text[64];
  std::snprintf(text, sizeof text, view.pixel ? "%.3f at the pixel" : "%.3f of all pixels",
                probability(colours, view.entry, view.pixel));
  quiet_text(text);
  ImGui::EndGroup();
}

}  // namespace

void draw_lab_colours(Studio& studio, float width) {
  Ui& ui = studio.ui;
  LabView& view = studio.view.lab;
  const ColourProbabilities& colours = studio.mirror.lab.result()->colours;
  if (colours.entries.empty()) return;
  if (view.entries_version != studio.mirror.lab.version()) {
    view.entries_version = studio.mirror.lab.version();
    view.entries = colours.likeliest(kMost);
  }
  if (std::find(view.entries.begin(), view.entries.end(), view.entry) == view.entries.end()) view.entry = view.entries.front();
  ImGui::TextUnformatted("How likely each colour is");
  ui.tooltips.show(
      "The probability that the network gives each colour of its palette in the predicted sprite: of the pixel under the pointer, "
      "or "
      "the mean over all. Guidance may make one less than 0 or more than 1. Click a colour to see where it is");
  draw_bars(studio, colours, view.entries, width);
  ImGui::Dummy({0, ui.px(2)});
  draw_where(studio, colours);
}

}  // namespace kiln
