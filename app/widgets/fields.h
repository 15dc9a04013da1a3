#pragma once

#include <string>
#include <string_view>

#include "app/widgets/ui.h"
#include "engine/base/param_spec.h"

namespace kiln {

// Text in the quiet grey; `small_text` in the small font.
void quiet_text(const std::string& text);
void small_text(const Ui& ui, const std::string& text, const ImVec4& colour);

// A row of a form: the label in the left column, and the next item as wide as what is left.
void field_label(Ui& ui, const std::string& label, const std::string& help);

// Sliders in a row of a form: drag, or Ctrl+click and type; a double click gives `fallback`. True when the value changed.
bool slider_row(Ui& ui, std::string_view name, const std::string& label, int& value, int min, int max, int fallback,
                const std::string& help, const char* format = "%d");
bool slider_row(Ui& ui, std::string_view name, const std::string& label, double& value, double min, double max, double fallback,
                const std::string& help, const char* format = "%.2f", bool logarithmic = false);

// A row with a number to type, for ranges that no slider is long enough for. True when it changed; the value stays in its range.
bool number_row(Ui& ui, std::string_view name, const std::string& label, std::int64_t& value, std::int64_t min, std::int64_t max,
                const std::string& help, const std::string& unit = {});
bool number_row(Ui& ui, std::string_view name, const std::string& label, double& value, double min, double max,
                const std::string& help, const std::string& unit = {});

// A slider without a label, as wide as the next item's width. `id` is ImGui's.
bool slider(Ui& ui, std::string_view name, const char* id, double& value, double min, double max, double fallback,
            const char* format, bool logarithmic = false);

// ImGui's combo, recorded. When it is true, the entries and ImGui::EndCombo() follow.
bool begin_combo(Ui& ui, std::string_view name, const std::string& shown, const std::string& value);

// A seed to type, as wide as the next item's width: a text, as ImGui's numbers wrap around. True when it changed.
bool seed_field(Ui& ui, std::string_view name, const ParamSpec& spec, ParamValue& value);

// A row for one parameter, whatever its type; `values` must hold it. Recorded as `prefix` + id. True when it changed.
bool param_row(Ui& ui, std::string_view prefix, const ParamSpec& spec, ParamMap& values);

// A button that is greyed with a reason when it cannot be pressed; `why_not` empty: it can. Size 0 fits the text, -1 fills the row.
bool action_button(Ui& ui, std::string_view name, const std::string& label, ImVec2 size, const std::string& why_not,
                   const std::string& help = {});
// The one button of a panel that stands out.
bool main_button(Ui& ui, std::string_view name, const std::string& label, ImVec2 size, const std::string& why_not,
                 const std::string& help = {});

// A heading with a triangle that opens and closes what is below it.
bool fold(Ui& ui, std::string_view name, const std::string& label, bool& open);

}  // namespace kiln
