#include "app/panels/grid_pointer.h"

#include <utility>

#include "app/widgets/keys.h"

namespace kiln {

void click_cell(GridSelection& selection, int cell) {
  const ImGuiIO& io = ImGui::GetIO();
  if (cell < 0) {
    if (!io.KeyCtrl && !io.KeyShift) selection.clear();
  } else if (io.KeyShift) {
    selection.extend_to(cell);
  } else if (io.KeyCtrl) {
    selection.toggle(cell);
  } else {
    selection.select(cell);
  }
}

bool take_arrows(GridSelection& selection, int columns, int count) {
  constexpr std::pair<ImGuiKey, Direction> kArrows[] = {{ImGuiKey_LeftArrow, Direction::kLeft},
                                                        {ImGuiKey_RightArrow, Direction::kRight},
                                                        {ImGuiKey_UpArrow, Direction::kUp},
                                                        {ImGuiKey_DownArrow, Direction::kDown}};
  bool any = false;
  for (const auto& [key, direction] : kArrows) {
    if (!key_typed(key)) continue;
    selection.move(direction, columns, count, ImGui::GetIO().KeyShift);
    any = true;
  }
  return any;
}

void draw_cell_frame(const Ui& ui, ImVec2 min, ImVec2 max, bool selected, bool current, bool hovered) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  const auto frame = [&](float out, const ImVec4& ink, float thick) {
    list->AddRect({min.x - ui.px(out), min.y - ui.px(out)}, {max.x + ui.px(out), max.y + ui.px(out)}, packed(ink), 0, 0,
                  ui.px(thick));
  };
  if (selected) frame(3, colour::running(), 2);
  if (current) {
    frame(selected ? 1 : 3, colour::chosen(), selected ? 1 : 2);
  } else if (hovered && !selected) {
    frame(3, colour::quiet(), 1);
  }
}

}  // namespace kiln
