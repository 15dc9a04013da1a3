#include "app/panels/gallery_tab.h"

#include "app/panels/columns.h"
#include "app/panels/gallery_grid_panel.h"
#include "app/panels/gallery_item_panel.h"

namespace kiln {
namespace {

constexpr float kRightWidth = 336;

}  // namespace

std::vector<PanelBackground> draw_gallery_tab(Studio& studio, Area rect) {
  const ColumnWidth right = {"edge.gallery.right", kRightWidth, 0.36f};
  const Columns columns = columns_of(studio, rect, {}, right);
  draw_gallery_grid(studio, columns.middle);
  draw_gallery_item(studio, columns.right);
  std::vector<PanelBackground> backgrounds = {{"gallery.grid", columns.middle, colour::canvas()},
                                              {"gallery.item", columns.right, colour::panel()}};
  draw_edges(studio, columns, {}, right, backgrounds);
  return backgrounds;
}

}  // namespace kiln
