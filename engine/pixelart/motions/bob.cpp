#include <algorithm>

#include "engine/base/error.h"
#include "engine/pixelart/crop.h"
#include "engine/pixelart/motion.h"

namespace kiln {
namespace {

// Up if there is as much room above as below, else where there is more.
Image bob(const Image& sprite, double phase, const ParamMap& values) {
  const Rect content = content_rect(sprite);
  const int above = content.y, below = sprite.height - content.y - content.height;
  const int room = std::max(above, below);
  if (room == 0)
    throw Failure(ErrorCode::kUnsupported, "the sprite fills its canvas from top to bottom, so that it has no room to bob",
                  "give it a margin, or choose another motion");
  const int by = swing(phase, std::min(room, static_cast<int>(get_int(values, "height"))));
  Image moved(sprite.width, sprite.height);
  paste(moved, sprite, 0, above >= below ? -by : by);
  return moved;
}

}  // namespace

Motion bob_motion() {
  return {.id = "bob",
          .label = "Bob",
          .help = "The whole sprite goes up and down by whole pixels",
          .params = {{.id = "height",
                      .label = "Height",
                      .unit = "pixels",
                      .fallback = 1,
                      .min = 1,
                      .max = 16,
                      .help = "How far it goes, as far as it has room",
                      .shown_max = 8}},
          .swings = true,
          .at = bob};
}

}  // namespace kiln
