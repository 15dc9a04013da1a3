#include "app/panels/gallery_tab.h"

#include <algorithm>

#include "app/panels/gallery_grid_panel.h"
#include "app/panels/gallery_item_panel.h"

namespace kiln {
namespace {

constexpr float kRightWidth = 336;

}  // namespace

std::vector<PanelBackground> draw_gallery_tab(Studio& studio, Area rect) {
  const float right = std::min(studio.ui.px(kRightWidth), rect.width * 0.36f);
  const Area grid{rect.x, rect.y, rect.width - right, rect.height};
  const Area item{rect.x + rect.width - right, rect.y, right, rect.height};
  draw_gallery_grid(studio, grid);
  draw_gallery_item(studio, item);
  return {{"gallery.grid", grid, colour::kCanvas}, {"gallery.item", item, colour::kPanel}};
}

}  // namespace kiln
