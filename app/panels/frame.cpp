#include "app/panels/frame.h"

#include <cmath>

#include "app/widgets/fields.h"

namespace kiln {

void begin_panel(const char* id, Area rect, bool padded) {
  ImGui::SetNextWindowPos({rect.x, rect.y});
  ImGui::SetNextWindowSize({rect.width, rect.height});
  if (!padded) ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
  ImGui::Begin(id, nullptr,
               ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus |
                   ImGuiWindowFlags_NoNav);
  if (!padded) ImGui::PopStyleVar();
}

void end_panel() { ImGui::End(); }

void centred_text(Area area, float y, const std::string& text, const ImVec4& ink) {
  const float width = ImGui::CalcTextSize(text.c_str()).x;
  ImGui::GetWindowDrawList()->AddText({std::floor(area.x + (area.width - width) / 2), y}, packed(ink), text.c_str());
}

void fact_row(const Ui& ui, const char* label, const std::string& value, float width, const ImVec4& ink) {
  const float start = ImGui::GetCursorPosX();
  quiet_text(label);
  ImGui::SameLine();
  ImGui::SetCursorPosX(start + ui.px(width));
  ImGui::PushStyleColor(ImGuiCol_Text, ink);
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(value.c_str());
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
}

void progress_line(const Ui& ui, Area area, float part, bool moving) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const float bottom = area.y + ui.px(4);
  list->AddRectFilled({area.x, area.y}, {area.x + area.width, bottom}, packed(colour::line()));
  if (part > 0) {
    list->AddRectFilled({area.x, area.y}, {area.x + area.width * part, bottom},
                        packed(moving ? colour::running() : colour::quiet()));
  }
}

}  // namespace kiln
