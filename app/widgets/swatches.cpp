#include "app/widgets/swatches.h"

#include <algorithm>

namespace kiln {
namespace {

constexpr std::size_t kMostSwatches = 96;

}  // namespace

void draw_swatches(Ui& ui, const Palette& palette) {
  const float side = ui.px(13), gap = ui.px(2);
  const ImVec2 from = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const std::size_t columns = std::max<std::size_t>(1, static_cast<std::size_t>((width + gap) / (side + gap)));
  const std::size_t count = std::min(palette.colours.size(), kMostSwatches);
  ImDrawList* list = ImGui::GetWindowDrawList();
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t row = i / columns;
    const float x = from.x + static_cast<float>(i % columns) * (side + gap), y = from.y + static_cast<float>(row) * (side + gap);
    const Rgb8 c = palette.colours[i];
    list->AddRectFilled({x, y}, {x + side, y + side}, IM_COL32(c.r, c.g, c.b, 255));
  }
  const std::size_t rows = (count + columns - 1) / columns;
  ImGui::Dummy({width, static_cast<float>(rows) * (side + gap)});
}

}  // namespace kiln
