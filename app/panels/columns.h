#pragma once

#include <string>

#include "app/panels/frame.h"
#include "app/panels/view.h"

namespace kiln {

// Three panels side by side, whose outer ones have the widths that the artist gave them by dragging the edges between.
struct Columns {
  Area left, left_edge, middle, right_edge, right;
};

// How wide an outer column is until it is dragged: so many design pixels, but no more than this share of the window.
struct ColumnWidth {
  std::string name;  // of its edge: “edge.generate.left”; empty: there is no such column
  float design = 0;
  float share = 0;
};

Columns columns_of(const Studio& studio, Area rect, const ColumnWidth& left, const ColumnWidth& right);

// The edges, to be dragged; a double click brings the first width back. Adds them to `backgrounds`.
void draw_edges(Studio& studio, const Columns& columns, const ColumnWidth& left, const ColumnWidth& right,
                std::vector<PanelBackground>& backgrounds);

}  // namespace kiln
