#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/base/error.h"
#include "engine/pixelart/crop.h"
#include "engine/pixelart/motion.h"

namespace kiln {
namespace {

// The part of the way that row `y` makes: the top all of it, the ground none.
double share_of(const Rect& content, int y) {
  return content.height < 2 ? 0 : static_cast<double>(content.y + content.height - 1 - y) / (content.height - 1);
}

int shift_of(double by, double share) { return static_cast<int>(std::lround(by * share)); }

// The furthest of at most `most` to which the top can lean so that no row leaves the canvas; `side` is 1 for the right, -1 for the
// left.
int furthest(const Image& sprite, const Rect& content, int most, int side) {
  for (int by = most; by > 0; --by) {
    bool fits = true;
    for (int y = content.y; y < content.y + content.height && fits; ++y) {
      const Rect row = content_rect(cut_out(sprite, {0, y, sprite.width, 1}));
      const int room = side > 0 ? sprite.width - row.x - row.width : row.x;
      fits = row.width == 0 || shift_of(by, share_of(content, y)) <= room;
    }
    if (fits) return by;
  }
  return 0;
}

Image sway(const Image& sprite, double phase, const ParamMap& values) {
  const Rect content = content_rect(sprite);
  const int most = static_cast<int>(get_int(values, "lean"));
  const int right = furthest(sprite, content, most, 1), left = furthest(sprite, content, most, -1);
  if ((right == 0 && left == 0) || content.height < 2)
    throw Failure(ErrorCode::kUnsupported, "the sprite has no room in its canvas to sway to the sides",
                  "give it a margin, or choose another motion");
  const double way = std::sin(2 * std::numbers::pi * phase), by = way * (way > 0 ? right : left);
  Image moved(sprite.width, sprite.height);
  for (int y = content.y; y < content.y + content.height; ++y)
    paste(moved, cut_out(sprite, {0, y, sprite.width, 1}), shift_of(by, share_of(content, y)), y);
  return moved;
}

}  // namespace

Motion sway_motion() {
  return {.id = "sway",
          .label = "Sway",
          .help = "Rows of pixels move to the right and to the left, the higher the further, and the lowest stands",
          .params = {{.id = "lean",
                      .label = "Lean",
                      .unit = "pixels",
                      .fallback = 1,
                      .min = 1,
                      .max = 16,
                      .help = "How far the top goes to each side, as far as it has room",
                      .shown_max = 8}},
          .at = sway};
}

}  // namespace kiln
