#include "app/widgets/tooltips.h"

namespace kiln {

void Tooltips::begin_frame(double now_s) {
  now_s_ = now_s;
  due_s_ = -1;
  if (!still_there_) resting_on_ = clicked_ = {-1, -1};
  still_there_ = false;
}

void Tooltips::show(const std::string& text) {
  if (text.empty() || !ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) return;
  const ImVec2 corner = ImGui::GetItemRectMin();
  if (ImGui::IsAnyMouseDown()) clicked_ = corner;
  const bool clicked = corner.x == clicked_.x && corner.y == clicked_.y;
  if (corner.x != resting_on_.x || corner.y != resting_on_.y) {
    resting_on_ = corner;
    since_s_ = now_s_;
  }
  still_there_ = true;
  if (clicked) return;
  if (now_s_ < since_s_ + kRest_s) {
    due_s_ = since_s_ + kRest_s;
    return;
  }
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(ImGui::GetFontSize() * 24);
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

}  // namespace kiln
