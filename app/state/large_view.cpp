#include "app/state/large_view.h"

#include <algorithm>
#include <cmath>

namespace kiln {
namespace {

void keep_in_box(LargeView& view, float box_width, float box_height, int width, int height) {
  const float shown_width = static_cast<float>(width * view.zoom), shown_height = static_cast<float>(height * view.zoom);
  const auto least = static_cast<float>(view.zoom);  // one texel stays
  view.x = std::clamp(view.x, least - shown_width, box_width - least);
  view.y = std::clamp(view.y, least - shown_height, box_height - least);
}

}  // namespace

LargePlace place_in(const LargeView& view, float box_width, float box_height, int width, int height) {
  if (view.zoom > 0) return {view.zoom, std::floor(view.x), std::floor(view.y)};
  const int copies = view.tile ? 3 : 1;
  const auto fitting = [copies](float box, int texels) { return static_cast<int>(box) / std::max(1, texels * copies); };
  const int zoom = std::clamp(std::min(fitting(box_width, width), fitting(box_height, height)), 1, kLargestZoom);
  return {zoom, std::floor((box_width - static_cast<float>(width * zoom)) / 2),
          std::floor((box_height - static_cast<float>(height * zoom)) / 2)};
}

void zoom_at(LargeView& view, int notches, float pointer_x, float pointer_y, float box_width, float box_height, int width,
             int height) {
  const LargePlace now = place_in(view, box_width, box_height, width, height);
  int zoom = now.zoom;
  for (int i = 0; i < std::abs(notches); ++i) zoom = notches > 0 ? zoom + std::max(1, zoom / 4) : zoom - std::max(1, zoom / 5);
  zoom = std::clamp(zoom, 1, kLargestZoom);
  if (zoom == now.zoom) return;
  const float ratio = static_cast<float>(zoom) / static_cast<float>(now.zoom);
  view.zoom = zoom;
  view.x = pointer_x - (pointer_x - now.x) * ratio;
  view.y = pointer_y - (pointer_y - now.y) * ratio;
  keep_in_box(view, box_width, box_height, width, height);
}

void pan(LargeView& view, float dx, float dy, float box_width, float box_height, int width, int height) {
  const LargePlace now = place_in(view, box_width, box_height, width, height);
  view.zoom = now.zoom;
  view.x = now.x + dx;
  view.y = now.y + dy;
  keep_in_box(view, box_width, box_height, width, height);
}

}  // namespace kiln
