#include "app/widgets/replace_question.h"

#include "app/widgets/fields.h"
#include "app/widgets/modal.h"

namespace kiln {

bool replace_question(Ui& ui, const std::string& name, const std::string& what, const std::vector<std::string>& there,
                      const std::string& loss, bool& asked) {
  const std::string title = "###" + name + ".question";
  if (!asked && !ImGui::IsPopupOpen(title.c_str())) return false;
  if (asked && !ImGui::IsPopupOpen(title.c_str())) ImGui::OpenPopup(title.c_str());
  bool replaces = false;
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(ui.px(22), ui.px(18)));
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({size.x / 2, size.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
  if (begin_modal(title.c_str(), ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_AlwaysAutoResize |
                                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoMove)) {
    ImGui::TextUnformatted(what.c_str());
    for (const std::string& file : there) quiet_text(file);
    ImGui::Dummy({0, ui.px(8)});
    const ImVec2 button{ui.px(170), ui.px(34)};
    replaces = main_button(ui, name + ".replace", "Replace", button, {}, loss);
    ImGui::SameLine();
    const bool cancelled = action_button(ui, name + ".cancel", "Cancel", button, {}, "Nothing is written (Esc)") ||
                           ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape));
    if (replaces || cancelled) asked = false;
    if (!asked) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar();
  return replaces;
}

}  // namespace kiln
