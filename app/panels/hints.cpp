#include "app/panels/hints.h"

#include <cmath>

#include "app/panels/shortcuts.h"
#include "app/widgets/keys.h"

namespace kiln {
namespace {

enum class Side { kLeft, kRight };

// A label at an edge of the canvas, at `y`, whose tip points beyond it.
void draw_hint(Ui& ui, Area canvas, Side side, float y, const char* name, const std::string& text) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 words = ImGui::CalcTextSize(text.c_str());
  const float pad = ui.px(10), tip = ui.px(9), edge = ui.px(6);
  const ImVec2 size{words.x + 2 * pad, words.y + 2 * ui.px(7)};
  const float left = side == Side::kLeft ? canvas.x + edge + tip : canvas.x + canvas.width - edge - tip - size.x;
  const ImVec2 min{std::floor(left), std::floor(y)}, max{min.x + size.x, min.y + size.y};
  const ImU32 fill = packed(colour::running()), ink = packed(colour::canvas());
  const float middle = (min.y + max.y) / 2;
  list->AddRectFilled(min, max, fill, ui.px(4));
  if (side == Side::kLeft) {
    list->AddTriangleFilled({min.x, middle - tip}, {min.x - tip, middle}, {min.x, middle + tip}, fill);
  } else {
    list->AddTriangleFilled({max.x, middle - tip}, {max.x, middle + tip}, {max.x + tip, middle}, fill);
  }
  list->AddText({min.x + pad, min.y + ui.px(7)}, ink, text.c_str());
  ui.map.note(name, min, max, ParamValue(text));
}

bool dismissed() {
  for (const ImGuiMouseButton button : {ImGuiMouseButton_Left, ImGuiMouseButton_Right, ImGuiMouseButton_Middle}) {
    if (ImGui::IsMouseClicked(button)) return true;
  }
  return key_typed(ImGuiKey_Escape) || key_typed(ImGuiKey_Enter);
}

}  // namespace

void draw_hints(Studio& studio, Area canvas) {
  bool& shown = studio.view.grid.hints;
  if (!shown) return;
  Ui& ui = studio.ui;
  const std::string keys = key_of(studio, "generate");
  draw_hint(ui, canvas, Side::kLeft, canvas.y + ui.px(64), "hint.class", "Choose what to make");
  draw_hint(ui, canvas, Side::kLeft, canvas.y + canvas.height - ui.px(52), "hint.generate",
            "Generate your own" + (keys.empty() ? "" : ": " + keys));
  draw_hint(ui, canvas, Side::kRight, canvas.y + ui.px(64), "hint.sprite", "The sprite you click, large");
  if (dismissed()) shown = false;
}

}  // namespace kiln
