#pragma once

#include <imgui.h>

#include <string>
#include <string_view>
#include <vector>

#include "app/state/series.h"
#include "app/widgets/ui.h"

namespace kiln {

struct PlotLine {
  std::string label;
  const Series* series = nullptr;
  ImVec4 colour;
  float thickness = 1.5f;
  bool dots = false;  // at each value: for what is measured seldom
};

struct PlotLook {
  std::string title;
  bool logarithmic = false;  // where all values are above 0
  bool from_zero = false;    // the values' axis begins there: a small change is not to look like a large one
  double x_end = 0;          // the axis goes at least so far; 0: as far as the lines do
  std::string empty;         // told where there is nothing to draw yet
  float beside_title = 0;    // pixels right of the title that are taken
};

// Curves over steps in `rect` of the current window: axes with round numbers, a legend, and under the pointer the values at that
// step. Recorded as `name`, with the first line's newest value.
void draw_plot(Ui& ui, std::string_view name, Area rect, const std::vector<PlotLine>& lines, const PlotLook& look);

struct BarLook {
  std::string title;
  std::string low_end, high_end;  // what the first and the last bar are
  std::string empty;
};

// A bar for each of `values`, and where the same began (`first`, or empty) a mark. Recorded as `name`.
void draw_bars(Ui& ui, std::string_view name, Area rect, const std::vector<double>& values, const std::vector<double>& first,
               const BarLook& look);

}  // namespace kiln
