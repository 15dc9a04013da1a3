#include "app/panels/data_tab.h"

namespace kiln {

std::vector<Ground> draw_data_tab(Studio&, Rect rect) {
  begin_panel("data", rect);
  end_panel();
  return {{"data", rect, colour::kPanel}};
}

}  // namespace kiln
