#include "app/widgets/sheet_rows.h"

#include <cfloat>

#include "app/widgets/fields.h"
#include "app/widgets/named_choice.h"
#include "engine/api/data_file.h"

namespace kiln {
namespace {

constexpr float kWide = 320;  // from which on the longest kind of data file fits beside its label

void data_row(Ui& ui, const std::string& name, const ParamSpec& spec, std::string& atlas) {
  if (ImGui::GetContentRegionAvail().x < ui.px(kWide)) {
    quiet_text(spec.label);
    ui.tooltips.show(spec.help);
    ImGui::SetNextItemWidth(-FLT_MIN);
  } else {
    field_label(ui, spec.label, spec.help);
  }
  if (const auto chosen = named_choice(ui, name, spec.help, atlas_kinds(), atlas); !chosen.empty()) atlas = chosen;
}

}  // namespace

void sheet_rows(Ui& ui, const std::string& prefix, const std::vector<ParamSpec>& specs, ParamMap& sheet,
                const std::function<bool(const ParamSpec&)>& is_shown) {
  for (const ParamSpec& spec : specs) {
    if (!is_shown(spec)) continue;
    if (spec.id == "atlas")
      data_row(ui, prefix + spec.id, spec, std::get<std::string>(sheet.find(spec.id)->second));
    else
      param_row(ui, prefix, spec, sheet);
  }
}

}  // namespace kiln
