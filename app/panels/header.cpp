#include "app/panels/header.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>

#include "app/panels/actions.h"
#include "app/panels/frame.h"
#include "app/panels/queue_list.h"
#include "app/panels/shortcuts.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

void draw_tab(Studio& studio, Tab tab, const char* name, const char* label, float height) {
  Ui& ui = studio.ui;
  const bool open = studio.view.tab == tab;
  const ImVec2 text = ImGui::CalcTextSize(label);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 size{text.x + ui.px(28), height};
  if (ImGui::InvisibleButton(name, size)) open_tab(studio.view, tab);
  const bool lit = open || ImGui::IsItemHovered();
  ui.map.note(name, ParamValue(open));
  ui.tooltips.show(key_of(studio, name));
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddText({at.x + ui.px(14), std::floor(at.y + (height - text.y) / 2)}, packed(lit ? colour::text() : colour::quiet()),
                label);
  if (open) list->AddRectFilled({at.x, at.y + height - ui.px(2)}, {at.x + size.x, at.y + height}, packed(colour::chosen()));
}

// How the window looks.
void draw_view_menu(Studio& studio, float height) {
  Ui& ui = studio.ui;
  constexpr const char* kLabel = "View";
  const ImVec2 text = ImGui::CalcTextSize(kLabel), at = ImGui::GetCursorScreenPos(), size{text.x + ui.px(28), height};
  if (ImGui::InvisibleButton("view", size)) ImGui::OpenPopup("view.menu");
  const bool lit = ImGui::IsItemHovered() || ImGui::IsPopupOpen("view.menu");
  ui.map.note("view.open");
  ImGui::GetWindowDrawList()->AddText({at.x + ui.px(14), std::floor(at.y + (height - text.y) / 2)},
                                      packed(lit ? colour::text() : colour::quiet()), kLabel);
  ImGui::SetNextWindowPos({at.x, at.y + height});
  if (!ImGui::BeginPopup("view.menu")) return;
  if (ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape), false)) ImGui::CloseCurrentPopup();
  Settings& settings = studio.settings;
  for (const auto& [theme, label] : {std::pair("dark", "Dark"), std::pair("light", "Light")}) {
    if (ImGui::RadioButton(label, settings.theme == theme)) settings.theme = theme;
    ui.map.note(std::string("view.theme.") + theme, ParamValue(settings.theme == theme));
    ImGui::SameLine();
  }
  ImGui::NewLine();
  const std::string larger = key_of(studio, "larger"), smaller = key_of(studio, "smaller");
  quiet_text("Size of everything" + (larger.empty() || smaller.empty() ? "" : " (" + larger + ", " + smaller + ")"));
  for (const int percent : kScales) {
    const std::string label = std::to_string(percent) + " %";
    if (ImGui::Selectable(label.c_str(), settings.scale_percent == percent, ImGuiSelectableFlags_DontClosePopups))
      settings.scale_percent = percent;
    ui.map.note("view.scale." + std::to_string(percent), ParamValue(settings.scale_percent == percent));
  }
  ImGui::Separator();
  if (action_button(ui, "view.panels", "Panels as at first", {0, 0}, settings.panel_widths.empty() ? "No panel was resized" : "",
                    "The edges between panels can be dragged; this brings the first widths back"))
    settings.panel_widths.clear();
  if (action_button(ui, "view.shortcuts", "Keys and pointer…", {0, 0}, {}, key_of(studio, "help"))) {
    studio.view.shortcuts_open = true;
    ImGui::CloseCurrentPopup();
  }
  if (ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape), false)) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
}

std::string machine(const Mirror& mirror) {
  switch (mirror.engine()) {
    case EngineState::kStarting:
      return "Starting the engine…";
    case EngineState::kFailed:
      return "No engine";
    case EngineState::kReady:
      break;
  }
  std::string text = mirror.catalog().device_name;
  if (const JobStatus* job = mirror.sampling(); job && job->steps_per_s > 0) {
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

// One job with a bar: its words, how far it is, what is left.
struct Running {
  std::string text, widest, after;
  float part = 0;
  bool moving = true;
};

constexpr float kBar = 90, kGap = 8;
constexpr float kTabsWidth = 545;

float width_of(const Ui& ui, const Running& job) {
  const float after = job.after.empty() ? 0 : ui.px(kGap) + ImGui::CalcTextSize(job.after.c_str()).x;
  return ImGui::CalcTextSize(job.widest.c_str()).x + ui.px(kGap) + ui.px(kBar) + after;
}

void draw_job(const Ui& ui, const Running& job, float left, float height) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float middle = std::floor(height / 2), text_y = middle - std::floor(ImGui::GetFontSize() / 2);
  list->AddText({left, text_y}, packed(colour::text()), job.text.c_str());
  const ImVec2 from{left + ImGui::CalcTextSize(job.widest.c_str()).x + ui.px(kGap), middle - ui.px(3)},
      to{from.x + ui.px(kBar), middle + ui.px(3)};
  list->AddRectFilled(from, to, packed(colour::line()), ui.px(3));
  const float end = from.x + ui.px(kBar) * std::clamp(job.part, 0.0f, 1.0f);
  if (job.part > 0) list->AddRectFilled(from, {end, to.y}, packed(job.moving ? colour::running() : colour::quiet()), ui.px(3));
  if (!job.after.empty()) list->AddText({to.x + ui.px(kGap), text_y}, packed(colour::quiet()), job.after.c_str());
}

std::string percent(const char* word, float part) {
  char text[48];
  std::snprintf(text, sizeof text, "%s %d %%", word, static_cast<int>(part * 100));
  return text;
}

// The sprites that are being made, with a way to stop; ends at `right`. Returns where it begins.
float draw_sampling(Studio& studio, float right, float height) {
  Ui& ui = studio.ui;
  const JobStatus* job = studio.mirror.sampling();
  if (!job || !job->active()) {
    draw_queue_button(studio, right, height);
    return right;
  }
  const bool paused = job->paused();
  const Running running{percent(paused ? "Stopped at" : "Generating", job->part()), "Generating 100 %", "", job->part(), !paused};
  const float side = ui.px(24), middle = std::floor(height / 2);
  const float end = right - side - ui.px(kGap), queue = draw_queue_button(studio, end, height);
  const float left = queue - (queue < end ? ui.px(kGap) : 0) - width_of(ui, running);
  draw_job(ui, running, left, height);
  ImGui::SetCursorScreenPos({right - side, middle - std::floor(side / 2)});
  if (ImGui::Button("##header.stop", {side, side})) studio.mirror.stop(CancelMode::kKeep);
  ui.map.note("header.stop");
  ui.tooltips.show("Stop and keep the sprites as they are now");
  const ImVec2 centre{right - side / 2, middle};
  const float r = ui.px(4);
  ImGui::GetWindowDrawList()->AddRectFilled({centre.x - r, centre.y - r}, {centre.x + r, centre.y + r}, packed(colour::text()));
  return left - ui.px(26);
}

// The run that is under way; a click goes to it. Returns where it begins.
float draw_training(Studio& studio, float right, float height) {
  Ui& ui = studio.ui;
  const TrainingMirror& training = studio.mirror.training;
  if (!training.active()) return right;
  const JobStatus& job = *training.job();
  const bool paused = job.paused();
  Running running{percent(paused ? "paused" : "training", job.part()), "training 100 %", "", job.part(), !paused};
  if (!paused && job.left_s >= 0) running.after = rough_duration(job.left_s);
  const float left = right - width_of(ui, running);
  draw_job(ui, running, left, height);
  ImGui::SetCursorScreenPos({left, 0});
  if (ImGui::InvisibleButton("header.training", {right - left, height})) studio.view.tab = Tab::kTrain;
  ui.map.note("header.training", ParamValue(running.text));
  ui.tooltips.show("Training “" + training.run()->name + "”; click to look at it");
  return left - ui.px(26);
}

// What is done to a set of sprites, while another tab is open; a click goes to it. Returns where it begins.
float draw_data_work(Studio& studio, float right, float height) {
  Ui& ui = studio.ui;
  const DatasetMirror& set = studio.mirror.dataset;
  if (!set.busy() || studio.view.tab == Tab::kData) return right;
  const float part = set.job().part();
  const Running running{percent("Sprites", part), "Sprites 100 %", "", part, true};
  const float left = right - width_of(ui, running);
  draw_job(ui, running, left, height);
  ImGui::SetCursorScreenPos({left, 0});
  if (ImGui::InvisibleButton("header.data", {right - left, height})) studio.view.tab = Tab::kData;
  ui.map.note("header.data", ParamValue(running.text));
  ui.tooltips.show("A set of sprites is being read or written; click to look at it or to cancel it");
  return left - ui.px(26);
}

}  // namespace

std::string duration(double seconds) {
  if (seconds < 0) return {};
  const auto s = static_cast<long long>(std::ceil(seconds));
  if (s < 60) return std::to_string(s) + " s";
  if (s < 3600) return std::to_string(s / 60) + " min " + std::to_string(s % 60) + " s";
  return std::to_string(s / 3600) + " h " + std::to_string(s / 60 % 60) + " min";
}

std::string rough_duration(double seconds) {
  if (seconds < 0) return {};
  const auto s = static_cast<long long>(std::ceil(seconds));
  if (s < 60) return std::to_string(s) + " s";
  if (s < 3600) return std::to_string((s + 30) / 60) + " min";
  if (s < 48 * 3600) return std::to_string(s / 3600) + " h " + std::to_string(s / 60 % 60) + " min";
  return std::to_string((s + 43200) / 86400) + " days";
}

void draw_header(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  begin_panel("header", rect, false);
  draw_tab(studio, Tab::kGenerate, "tab.generate", "Generate", rect.height);
  ImGui::SameLine(0, 0);
  draw_tab(studio, Tab::kGallery, "tab.gallery", "Gallery", rect.height);
  ImGui::SameLine(0, 0);
  draw_tab(studio, Tab::kData, "tab.data", "Data", rect.height);
  ImGui::SameLine(0, 0);
  draw_tab(studio, Tab::kTrain, "tab.train", "Train", rect.height);
  ImGui::SameLine(0, 0);
  draw_tab(studio, Tab::kLab, "tab.lab", "Lab", rect.height);
  ImGui::SameLine(0, 0);
  draw_view_menu(studio, rect.height);
  const float text_y = std::floor((rect.height - ImGui::GetFontSize()) / 2), gap = ui.px(26);
  ImDrawList* list = ImGui::GetWindowDrawList();
  float right = draw_sampling(studio, rect.x + rect.width - ui.px(16), rect.height);
  right = draw_training(studio, right, rect.height);
  right = draw_data_work(studio, right, rect.height);
  for (const std::string& text : {machine(studio.mirror), model_facts(studio.mirror)}) {
    const float width = ImGui::CalcTextSize(text.c_str()).x;
    if (text.empty() || right - width < rect.x + ui.px(kTabsWidth)) continue;
    right -= width;
    list->AddText({right, rect.y + text_y}, packed(colour::quiet()), text.c_str());
    right -= gap;
  }
  end_panel();
}

}  // namespace kiln
