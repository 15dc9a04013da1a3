#include <algorithm>

#include "engine/base/error.h"
#include "engine/pixelart/crop.h"
#include "engine/pixelart/motion.h"

namespace kiln {
namespace {

// Standing on the lowest row of the content, `height` rows high: each is the nearest of the sprite's.
Image with_height(const Image& sprite, const Rect& content, int height) {
  Image made(sprite.width, sprite.height);
  const int ground = content.y + content.height;
  for (int row = 0; row < height; ++row) {  // counted from the ground
    const int from = (2 * row + 1) * content.height / (2 * height);
    paste(made, cut_out(sprite, {0, ground - 1 - from, sprite.width, 1}), 0, ground - 1 - row);
  }
  return made;
}

// Lower and back; then higher and back, where it is to stretch and has room for that.
Image squash(const Image& sprite, double phase, const ParamMap& values) {
  const Rect content = content_rect(sprite);
  const int lower = std::min(static_cast<int>(get_int(values, "squash")), content.height - 1);
  const int higher = std::min(static_cast<int>(get_int(values, "stretch")), content.y);
  if (lower == 0 && higher == 0)
    throw Failure(ErrorCode::kUnsupported, "the sprite can become neither lower nor higher in its canvas", "choose another motion");
  int by = 0;
  if (higher == 0)
    by = -swing(phase, lower);
  else if (lower == 0)
    by = swing(phase, higher);
  else
    by = phase < 0.5 ? -swing(2 * phase, lower) : swing(2 * phase - 1, higher);
  return with_height(sprite, content, content.height + by);
}

}  // namespace

Motion squash_motion() {
  return {.id = "squash",
          .label = "Squash and stretch",
          .help = "Rows of pixels go and come, so that the sprite becomes lower and higher where it stands",
          .params = {{.id = "squash",
                      .label = "Squash",
                      .unit = "pixels",
                      .fallback = 1,
                      .max = 16,
                      .help = "How much lower it becomes",
                      .shown_max = 8},
                     {.id = "stretch",
                      .label = "Stretch",
                      .unit = "pixels",
                      .fallback = 1,
                      .max = 16,
                      .help = "How much higher it becomes, as far as it has room above",
                      .shown_max = 8}},
          .at = squash};
}

}  // namespace kiln
