#pragma once

#include "app/widgets/sprite_view.h"
#include "app/widgets/theme.h"
#include "app/widgets/tooltips.h"
#include "app/widgets/ui_map.h"

namespace kiln {

// What every panel draws with.
struct Ui {
  Theme theme;
  UiMap map;
  SpriteView sprites;
  Tooltips tooltips;

  float px(float design_pixels) const { return theme.px(design_pixels); }
};

// A part of the window, in window pixels.
struct Area {
  float x = 0, y = 0, width = 0, height = 0;
};

}  // namespace kiln
