#pragma once

#include <algorithm>
#include <string>

#include "app/widgets/fields.h"

namespace kiln {

// A combo of what has an `id` and a `label` that says more. The id of another one that was chosen, or "".
template <class List>
std::string named_choice(Ui& ui, const std::string& name, const std::string& help, const List& list, const std::string& value) {
  const auto current = std::find_if(list.begin(), list.end(), [&](const auto& named) { return value == named.id; });
  std::string chosen;
  if (!begin_combo(ui, name, current == list.end() ? value : current->label, value)) {
    ui.tooltips.show(help);
    return chosen;
  }
  for (const auto& named : list) {
    if (ImGui::Selectable(named.label.c_str(), value == named.id) && value != named.id) chosen = named.id;
    ui.map.note(name + "." + named.id);
  }
  ImGui::EndCombo();
  return chosen;
}

}  // namespace kiln
