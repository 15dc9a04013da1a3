#include "engine/base/rect.h"
#include "engine/pixelart/motion.h"
#include "engine/pixelart/shifts.h"

namespace kiln {
namespace {

// What leaves the picture is cut off; frames that nothing is said of stand still.
Image shifted(const Image& sprite, int frame, const ParamMap& values) {
  const std::vector<Shift> shifts = parse_shifts(get_text(values, "shifts"));
  const auto place = static_cast<std::size_t>(frame) - 1;
  if (frame == 0 || place >= shifts.size()) return sprite;
  Image moved(sprite.width, sprite.height);
  paste(moved, sprite, shifts[place].x, shifts[place].y);
  return moved;
}

}  // namespace

Motion by_hand_motion() {
  return {.id = kByHand,
          .label = "By hand",
          .help = "Each frame moved as far as you say; in the window, stop at a frame and drag it",
          .params = {{.id = "shifts",
                      .label = "Moves",
                      .unit = "pixels",
                      .fallback = std::string(),
                      .help = "x,y of each frame after the first, to the right and down, as 1,0 2,-1 1,0"}},
          .at_frame = shifted};
}

}  // namespace kiln
