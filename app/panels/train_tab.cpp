#include "app/panels/train_tab.h"

namespace kiln {

std::vector<Ground> draw_train_tab(Studio&, Rect rect) {
  begin_panel("train", rect);
  end_panel();
  return {{"train", rect, colour::kPanel}};
}

}  // namespace kiln
