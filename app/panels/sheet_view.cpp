#include "app/panels/sheet_view.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/fields.h"

namespace kiln {
namespace {

constexpr float kMostZoom = 12;

void draw_cells(const Ui& ui, const SheetShown& sheet, ImVec2 at, float zoom) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const ImVec2 low = list->GetClipRectMin(), high = list->GetClipRectMax();
  const ImU32 ink = packed(colour::running());
  for (const SheetCell& cell : sheet.cells) {
    const ImVec2 from{at.x + static_cast<float>(cell.x) * zoom, at.y + static_cast<float>(cell.y) * zoom};
    const ImVec2 to{from.x + static_cast<float>(cell.width) * zoom, from.y + static_cast<float>(cell.height) * zoom};
    if (to.x < low.x || to.y < low.y || from.x > high.x || from.y > high.y) continue;
    list->AddRect(from, to, ink, 0, 0, ui.px(1));
  }
}

}  // namespace

void draw_sheet_view(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  const DatasetMirror& set = studio.mirror.dataset;
  DataView& view = studio.view.data;
  const float side = ui.px(70);
  ImGui::SetCursorScreenPos({rect.x + rect.width - side - ui.px(14), rect.y + ui.px(8)});
  if (action_button(ui, "data.sheet_close", "Close", {side, 0}, {}, "Back to the sprites that are open")) view.sheet_open = false;
  ImGui::SetCursorScreenPos({rect.x + ui.px(14), rect.y + ui.px(12)});
  if (set.sheet_error()) {
    ImGui::PushTextWrapPos(rect.width - ui.px(14));
    ImGui::TextUnformatted(set.sheet_error()->message.c_str());
    ui.map.note("data.sheet_error", ParamValue(set.sheet_error()->message));
    ImGui::SetCursorPosX(ui.px(14));
    quiet_text(set.sheet_error()->hint);
    ImGui::PopTextWrapPos();
    return;
  }
  if (!set.sheet()) {
    quiet_text("The sheet appears here in a moment.");
    return;
  }
  const SheetShown& sheet = *set.sheet();
  const std::string title = sheet.file + "  ·  " + std::to_string(sheet.width) + "×" + std::to_string(sheet.height) + "  ·  " +
                            std::to_string(sheet.cells.size()) + (sheet.cells.size() == 1 ? " sprite" : " sprites");
  ImGui::TextUnformatted(title.c_str());
  ui.tooltips.show("Each frame is a sprite; empty cells are none");
  ui.map.note("data.sheet", ParamValue(static_cast<std::int64_t>(sheet.cells.size())));
  if (view.sheet_version != set.sheet_version()) {
    view.sheet.upload(sheet.sheet.width, sheet.sheet.height, 1, sheet.sheet.rgba);
    view.sheet_version = set.sheet_version();
  }
  const float top = ui.px(44), margin = ui.px(14);
  const float width = rect.width - 2 * margin - ImGui::GetStyle().ScrollbarSize;
  const float fit = width / static_cast<float>(std::max(1, sheet.width));
  const float zoom = std::min(kMostZoom, fit >= 1 ? std::floor(fit) : fit);
  ImGui::SetCursorScreenPos({rect.x, rect.y + top});
  ImGui::BeginChild("sheet", {rect.width, rect.height - top}, false);
  const ImVec2 at{std::floor(ImGui::GetCursorScreenPos().x + margin), std::floor(ImGui::GetCursorScreenPos().y)};
  const float shown_width = static_cast<float>(sheet.width) * zoom, shown_height = static_cast<float>(sheet.height) * zoom;
  ImGui::Dummy({shown_width + margin, shown_height + margin});
  ui.sprites.show(view.sheet, {{at.x, at.y, shown_width, shown_height, 0}},
                  {.width = static_cast<float>(sheet.sheet.width),
                   .height = static_cast<float>(sheet.sheet.height),
                   .check_shift = 2,
                   .zoom = zoom});
  draw_cells(ui, sheet, at, zoom);
  ImGui::EndChild();
}

}  // namespace kiln
