#include "app/panels/model_picker.h"

#include "app/panels/actions.h"
#include "app/widgets/fields.h"

namespace kiln {

std::optional<std::string> model_picker(Studio& studio, std::string_view name, const std::string& shown, const std::string& path,
                                        bool open_file) {
  Ui& ui = studio.ui;
  if (!begin_combo(ui, name, shown, path)) {
    ui.tooltips.show(path);
    return {};
  }
  std::optional<std::string> chosen;
  const std::string prefix = std::string(name) + ".";
  if (ImGui::IsWindowAppearing()) list_models_again(studio.view);
  for (const ModelFile& file : studio.view.models) {
    if (ImGui::Selectable((file.name + "##" + file.path).c_str(), file.path == path)) chosen = file.path;
    ui.map.note(prefix + file.name);
    ui.tooltips.show(file.path);
  }
  if (studio.view.models.empty()) quiet_text("no models yet");
  if (open_file) {
    ImGui::Separator();
    if (ImGui::Selectable("Open a file…")) ask_for_model(studio);
    ui.map.note(prefix + "open_file");
  }
  ImGui::EndCombo();
  return chosen;
}

}  // namespace kiln
