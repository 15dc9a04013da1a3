#include "app/widgets/fields.h"

#include <imgui_internal.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/base/text.h"

namespace kiln {
namespace {

// After a slider: a double click brings the value back, and lets go of the slider so that it does not follow the pointer again.
template <class T>
bool reset_on_double_click(T& value, T fallback) {
  if (!ImGui::IsItemHovered() || !ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) return false;
  ImGui::ClearActiveID();
  value = fallback;
  return true;
}

std::string hidden_id(std::string_view name) { return "##" + std::string(name); }

std::string with_unit(const ParamSpec& spec, const char* number) {
  std::string unit;
  for (char c : spec.unit) unit += c == '%' ? std::string("%%") : std::string(1, c);
  return unit.empty() ? number : std::string(number) + " " + unit;
}

// "1 pixel", where the unit is "pixels".
std::string with_singular(const ParamSpec& spec, const char* number) {
  std::string text = with_unit(spec, number);
  if (spec.unit.ends_with('s') && spec.unit.find(' ') == std::string::npos) text.pop_back();
  return text;
}

// What is typed is kept within the range at once; the field shows it when it is left.
bool number_field(Ui& ui, std::string_view name, ImGuiDataType type, void* value, const char* format, const std::string& unit) {
  const float unit_width = unit.empty() ? 0 : ImGui::CalcTextSize(unit.c_str()).x + ImGui::GetStyle().ItemInnerSpacing.x;
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - unit_width);
  const bool changed = ImGui::InputScalar(hidden_id(name).c_str(), type, value, nullptr, nullptr, format);
  const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
  if (!unit.empty()) {
    ImGui::SameLine(0, ImGui::GetStyle().ItemInnerSpacing.x);
    quiet_text(unit);
  }
  if (type == ImGuiDataType_S64) {
    ui.map.note(name, min, max, ParamValue(*static_cast<std::int64_t*>(value)));
  } else {
    ui.map.note(name, min, max, ParamValue(*static_cast<double*>(value)));
  }
  return changed;
}

// What a slider shows of a number.
std::string format_of(const ParamSpec& spec, const ParamValue& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    if (*whole == 0 && !spec.zero_text.empty()) return "%d, " + spec.zero_text;
    return *whole == 1 ? with_singular(spec, "%d") : with_unit(spec, "%d");
  }
  return with_unit(spec, spec.logarithmic ? "%.3g" : "%.2f");
}

// Whether a slider that shows two decimals can hold every value that matters.
bool fits_two_decimals(const ParamSpec& spec) {
  for (const double value : {std::get<double>(spec.fallback), spec.min, spec.most()}) {
    if (std::abs(value * 100 - std::round(value * 100)) > 1e-9 * std::max(1.0, std::abs(value * 100))) return false;
  }
  return true;
}

// Kept within the range; nothing for what is no whole number.
std::optional<ParamValue> typed_seed(const ParamSpec& spec, const std::string& text) {
  if (const auto number = parse_unsigned(text)) return brought_into_range(spec, whole_number(*number));
  const auto real = parse_real(text);
  if (!real || (*real >= 0 && *real < static_cast<double>(spec.largest_seed))) return std::nullopt;
  return whole_number(*real < 0 ? 0 : spec.largest_seed);
}

constexpr double kLongestSlider = 4096;  // whole numbers
constexpr int kLongestLinear = 256;      // whole numbers

bool choice_row(Ui& ui, const std::string& name, const ParamSpec& spec, std::string& text) {
  bool changed = false;
  if (!begin_combo(ui, name, text, text)) {
    ui.tooltips.show(spec.help);
    return false;
  }
  for (const std::string& choice : spec.choices) {
    if (ImGui::Selectable(choice.c_str(), choice == text)) {
      text = choice;
      changed = true;
    }
    ui.map.note(std::string(name).append(".").append(choice));
  }
  ImGui::EndCombo();
  return changed;
}

}  // namespace

void quiet_text(const std::string& text) {
  ImGui::PushStyleColor(ImGuiCol_Text, colour::quiet());
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopStyleColor();
}

void small_text(const Ui& ui, const std::string& text, const ImVec4& text_colour) {
  ImGui::PushFont(ui.theme.small);
  ImGui::PushStyleColor(ImGuiCol_Text, text_colour);
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

void field_label(Ui& ui, const std::string& label, const std::string& help) {
  const float start = ImGui::GetCursorPosX();
  const float width = std::min(ui.px(128), std::floor(ImGui::GetContentRegionAvail().x * 0.4f));
  ImGui::AlignTextToFramePadding();
  quiet_text(label);
  ui.tooltips.show(help);
  ImGui::SameLine();
  ImGui::SetCursorPosX(start + width);
  ImGui::SetNextItemWidth(-FLT_MIN);
}

bool slider_row(Ui& ui, std::string_view name, const std::string& label, int& value, int min, int max, int fallback,
                const std::string& help, const char* format) {
  field_label(ui, label, help);
  ImGuiSliderFlags flags = ImGuiSliderFlags_AlwaysClamp;
  if (max - min > kLongestLinear) flags |= ImGuiSliderFlags_Logarithmic;
  bool changed = ImGui::SliderInt(hidden_id(name).c_str(), &value, min, max, format, flags);
  changed |= reset_on_double_click(value, fallback);
  ui.map.note(name, ParamValue(static_cast<std::int64_t>(value)));
  return changed;
}

bool slider(Ui& ui, std::string_view name, const char* id, double& value, double min, double max, double fallback,
            const char* format, bool logarithmic) {
  ImGuiSliderFlags flags = ImGuiSliderFlags_AlwaysClamp;
  if (logarithmic) flags |= ImGuiSliderFlags_Logarithmic;
  bool changed = ImGui::SliderScalar(id, ImGuiDataType_Double, &value, &min, &max, format, flags);
  changed |= reset_on_double_click(value, fallback);
  ui.map.note(name, ParamValue(value));
  return changed;
}

bool slider_row(Ui& ui, std::string_view name, const std::string& label, double& value, double min, double max, double fallback,
                const std::string& help, const char* format, bool logarithmic) {
  field_label(ui, label, help);
  return slider(ui, name, hidden_id(name).c_str(), value, min, max, fallback, format, logarithmic);
}

bool number_row(Ui& ui, std::string_view name, const std::string& label, std::int64_t& value, std::int64_t min, std::int64_t max,
                const std::string& help, const std::string& unit) {
  field_label(ui, label, help);
  std::int64_t typed = value;
  if (!number_field(ui, name, ImGuiDataType_S64, &typed, "%lld", unit)) return false;
  value = std::clamp(typed, min, max);
  return true;
}

bool number_row(Ui& ui, std::string_view name, const std::string& label, double& value, double min, double max,
                const std::string& help, const std::string& unit) {
  field_label(ui, label, help);
  double typed = value;
  if (!number_field(ui, name, ImGuiDataType_Double, &typed, "%.7g", unit) || !std::isfinite(typed)) return false;
  value = std::clamp(typed, min, max);
  return true;
}

bool seed_field(Ui& ui, std::string_view name, const ParamSpec& spec, ParamValue& value) {
  constexpr ImGuiInputTextFlags kFlags = ImGuiInputTextFlags_CharsDecimal | ImGuiInputTextFlags_AutoSelectAll;
  std::string text = to_string(value);
  const bool typed = ImGui::InputText(hidden_id(name).c_str(), &text, kFlags);
  const auto before = value;
  if (typed) value = typed_seed(spec, text).value_or(before);
  ui.map.note(name, value);
  return value != before;
}

bool begin_combo(Ui& ui, std::string_view name, const std::string& shown, const std::string& value) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ui.map.note(name, at, {at.x + ImGui::CalcItemWidth(), at.y + ImGui::GetFrameHeight()}, ParamValue(value));
  if (!ImGui::BeginCombo(hidden_id(name).c_str(), shown.c_str(), ImGuiComboFlags_HeightLarge)) return false;
  if (ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape), false)) ImGui::CloseCurrentPopup();
  return true;
}

bool param_row(Ui& ui, std::string_view prefix, const ParamSpec& spec, ParamMap& values) {
  const std::string name = std::string(prefix) + spec.id;
  ParamValue& value = values.find(spec.id)->second;
  if (spec.is_seed()) {
    field_label(ui, spec.label, spec.help);
    return seed_field(ui, name, spec, value);
  }
  if (auto* real = std::get_if<double>(&value)) {
    if (!spec.logarithmic && !fits_two_decimals(spec)) {
      return number_row(ui, name, spec.label, *real, spec.min, spec.most(), spec.help, spec.unit);
    }
    return slider_row(ui, name, spec.label, *real, spec.min, spec.most(), std::get<double>(spec.fallback), spec.help,
                      format_of(spec, value).c_str(), spec.logarithmic);
  }
  if (auto* whole = std::get_if<std::int64_t>(&value)) {
    if (spec.most() - spec.min > kLongestSlider) {
      return number_row(ui, name, spec.label, *whole, static_cast<std::int64_t>(spec.min), static_cast<std::int64_t>(spec.most()),
                        spec.help, spec.unit);
    }
    int number = static_cast<int>(*whole);
    const bool changed =
        slider_row(ui, name, spec.label, number, static_cast<int>(spec.min), static_cast<int>(spec.most()),
                   static_cast<int>(std::get<std::int64_t>(spec.fallback)), spec.help, format_of(spec, value).c_str());
    *whole = number;
    return changed;
  }
  field_label(ui, spec.label, spec.help);
  if (auto* on = std::get_if<bool>(&value)) {
    const bool changed = ImGui::Checkbox(hidden_id(name).c_str(), on);
    ui.map.note(name, value);
    ui.tooltips.show(spec.help);
    return changed;
  }
  auto& text = std::get<std::string>(value);
  if (!spec.choices.empty()) return choice_row(ui, name, spec, text);
  const bool changed = ImGui::InputText(hidden_id(name).c_str(), &text);
  ui.map.note(name, value);
  return changed;
}

bool action_button(Ui& ui, std::string_view name, const std::string& label, ImVec2 size, const std::string& why_not,
                   const std::string& help) {
  ImGui::BeginDisabled(!why_not.empty());
  const bool pressed = ImGui::Button((label + hidden_id(name)).c_str(), size);
  ui.map.note(name);
  ImGui::EndDisabled();
  ui.tooltips.show(why_not.empty() ? help : why_not);
  return pressed;
}

bool main_button(Ui& ui, std::string_view name, const std::string& label, ImVec2 size, const std::string& why_not,
                 const std::string& help) {
  const auto level = [light = ui.theme.brightness == Brightness::kLight](float dark_theme) {
    const float grey = light ? 1 - dark_theme : dark_theme;
    return ImVec4(grey, grey + 0.006f, grey + 0.02f, 1);
  };
  ImGui::PushStyleColor(ImGuiCol_Text, level(0.080f));
  ImGui::PushStyleColor(ImGuiCol_Button, level(0.835f));
  ImGui::PushStyleColor(ImGuiCol_ButtonHovered, level(0.925f));
  ImGui::PushStyleColor(ImGuiCol_ButtonActive, level(0.750f));
  ImGui::BeginDisabled(!why_not.empty());
  const bool pressed = ImGui::Button((label + hidden_id(name)).c_str(), size);
  ui.map.note(name);
  ImGui::EndDisabled();
  ImGui::PopStyleColor(4);
  ui.tooltips.show(why_not.empty() ? help : why_not);
  return pressed;
}

bool fold(Ui& ui, std::string_view name, const std::string& label, bool& open) {
  const float size = ImGui::GetFontSize();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 text = ImGui::CalcTextSize(label.c_str());
  if (ImGui::InvisibleButton(hidden_id(name).c_str(), {size + text.x + ui.px(6), size + ui.px(6)})) open = !open;
  ui.map.note(name, ParamValue(open));
  const ImU32 ink = packed(ImGui::IsItemHovered() ? colour::text() : colour::quiet());
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 centre{at.x + size * 0.4f, at.y + size * 0.5f + ui.px(3)};
  const float r = size * 0.24f;
  if (open) {
    list->AddTriangleFilled({centre.x - r, centre.y - r * 0.6f}, {centre.x + r, centre.y - r * 0.6f}, {centre.x, centre.y + r},
                            ink);
  } else {
    list->AddTriangleFilled({centre.x - r * 0.6f, centre.y - r}, {centre.x + r, centre.y}, {centre.x - r * 0.6f, centre.y + r},
                            ink);
  }
  list->AddText({at.x + size, at.y + ui.px(3)}, ink, label.c_str());
  return open;
}

}  // namespace kiln
