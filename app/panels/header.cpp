#include "app/panels/header.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/panels/frame.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

void draw_tab(Studio& studio, Tab tab, const char* name, const char* label, float height) {
  Ui& ui = studio.ui;
  const bool open = studio.view.tab == tab;
  const ImVec2 text = ImGui::CalcTextSize(label);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 size{text.x + ui.px(28), height};
  if (ImGui::InvisibleButton(name, size)) studio.view.tab = tab;
  const bool lit = open || ImGui::IsItemHovered();
  ui.map.note(name, ParamValue(open));
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddText({at.x + ui.px(14), std::floor(at.y + (height - text.y) / 2)}, packed(lit ? colour::kText : colour::kQuiet), label);
  if (open) list->AddRectFilled({at.x, at.y + height - ui.px(2)}, {at.x + size.x, at.y + height}, packed(colour::kChosen));
}

std::string machine(const Mirror& mirror) {
  switch (mirror.engine()) {
    case EngineState::kStarting: return "Starting the engine…";
    case EngineState::kFailed: return "No engine";
    case EngineState::kReady: break;
  }
  std::string text = mirror.catalog().device_name;
  if (const Job* job = mirror.sampling(); job && job->steps_per_s > 0) {
    char rate[48];
    std::snprintf(rate, sizeof rate, job->steps_per_s < 10 ? "%.1f steps/s" : "%.0f steps/s", job->steps_per_s);
    text += text.empty() ? rate : std::string("  ·  ") + rate;
  }
  return text;
}

std::string model_facts(const Mirror& mirror) {
  if (!mirror.model()) return {};
  const ModelInfo& model = *mirror.model();
  return model.name + "  " + std::to_string(model.width) + "×" + std::to_string(model.height) +
         (model.channels == 3 ? " RGB" : " RGBA");
}

// What runs, with a bar and a way to stop it; as wide as it needs, ending at `right`. Returns where it begins.
float draw_running(Studio& studio, float right, float height) {
  Ui& ui = studio.ui;
  const Job* job = studio.mirror.sampling();
  if (!job || !job->active()) return right;
  const bool paused = job->state == JobState::kPaused || job->pausing;
  const float part = job->total > 0 ? static_cast<float>(job->step) / static_cast<float>(job->total) : 0;
  char text[48];
  std::snprintf(text, sizeof text, "%s %d %%", paused ? "Stopped at" : "Generating", static_cast<int>(part * 100));
  const float bar = ui.px(90), side = ui.px(24), gap = ui.px(8);
  const float width = ImGui::CalcTextSize("Generating 100 %").x + gap + bar + gap + side;
  const float left = right - width;
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float middle = std::floor(height / 2);
  list->AddText({left, middle - std::floor(ImGui::GetFontSize() / 2)}, packed(colour::kText), text);
  const ImVec2 from{right - side - gap - bar, middle - ui.px(3)}, to{right - side - gap, middle + ui.px(3)};
  list->AddRectFilled(from, to, packed(colour::kLine), ui.px(3));
  if (part > 0) list->AddRectFilled(from, {from.x + bar * part, to.y}, packed(paused ? colour::kQuiet : colour::kRunning), ui.px(3));
  ImGui::SetCursorScreenPos({right - side, middle - std::floor(side / 2)});
  if (ImGui::Button("##header.stop", {side, side})) studio.mirror.stop(CancelMode::kKeep);
  ui.map.note("header.stop");
  ui.tooltips.show("Stop and keep the sprites as they are now");
  const ImVec2 centre{right - side / 2, middle};
  const float r = ui.px(4);
  list->AddRectFilled({centre.x - r, centre.y - r}, {centre.x + r, centre.y + r}, packed(colour::kText));
  return left;
}

}  // namespace

std::string duration(double seconds) {
  if (seconds < 0) return {};
  const auto s = static_cast<long long>(std::ceil(seconds));
  if (s < 60) return std::to_string(s) + " s";
  if (s < 3600) return std::to_string(s / 60) + " min " + std::to_string(s % 60) + " s";
  return std::to_string(s / 3600) + " h " + std::to_string(s / 60 % 60) + " min";
}

void draw_header(Studio& studio, Rect rect) {
  Ui& ui = studio.ui;
  begin_panel("header", rect, false);
  draw_tab(studio, Tab::kGenerate, "tab.generate", "Generate", rect.height);
  ImGui::SameLine(0, 0);
  draw_tab(studio, Tab::kData, "tab.data", "Data", rect.height);
  ImGui::SameLine(0, 0);
  draw_tab(studio, Tab::kTrain, "tab.train", "Train", rect.height);
  const float text_y = std::floor((rect.height - ImGui::GetFontSize()) / 2), gap = ui.px(26);
  ImDrawList* list = ImGui::GetWindowDrawList();
  float right = rect.x + rect.width - ui.px(16);
  for (const std::string& text : {machine(studio.mirror), model_facts(studio.mirror)}) {
    const float width = ImGui::CalcTextSize(text.c_str()).x;
    if (text.empty() || right - width < rect.x + rect.width * 0.4f) continue;
    right -= width;
    list->AddText({right, rect.y + text_y}, packed(colour::kQuiet), text.c_str());
    right -= gap;
  }
  draw_running(studio, right, rect.height);
  end_panel();
}

}  // namespace kiln
