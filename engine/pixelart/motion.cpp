#include "engine/pixelart/motion.h"

#include <cmath>
#include <numbers>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/pixelart/crop.h"

namespace kiln {

Motion squash_motion();
Motion bob_motion();
Motion sway_motion();
Motion blink_motion();
Motion shine_motion();
Motion by_hand_motion();

const std::vector<Motion>& motions() {
  static const std::vector<Motion> list{
      squash_motion(), bob_motion(), sway_motion(), blink_motion(), shine_motion(), by_hand_motion(),
  };
  return list;
}

const Motion& find_motion(std::string_view id) {
  std::vector<std::string> known;
  for (const Motion& motion : motions()) {
    if (motion.id == id) return motion;
    known.push_back(motion.id);
  }
  throw Failure(ErrorCode::kInvalidArgument, "there is no motion “" + std::string(id) + "”", name_hint(id, known));
}

std::vector<Image> motion_frames(const Motion& motion, const Image& sprite, int count, bool ping_pong, const ParamMap& values) {
  if (count < 2) throw Failure(ErrorCode::kInvalidArgument, "an animation of one frame does not move", "take two frames or more");
  if (content_rect(sprite).width == 0)
    throw Failure(ErrorCode::kInvalidArgument, "the image is empty: there is nothing to move", "choose another sprite");
  const ParamMap whole = validated(motion.params, values, "motion " + motion.id);
  const bool half = ping_pong && motion.swings;
  std::vector<Image> frames;
  for (int i = 0; i < count; ++i) {
    if (motion.at_frame) {
      frames.push_back(motion.at_frame(sprite, i, whole));
      continue;
    }
    const double phase = half ? 0.5 * i / (count - 1) : static_cast<double>(i) / count;
    frames.push_back(motion.at(sprite, phase, whole));
  }
  return frames;
}

std::vector<std::size_t> play_order(std::size_t count, bool ping_pong) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < count; ++i) order.push_back(i);
  for (std::size_t i = count; ping_pong && i-- > 2;) order.push_back(i - 1);
  return order;
}

int swing(double phase, int most) {
  constexpr double kTie = 1e-9;
  const double at = most * (1 - std::cos(2 * std::numbers::pi * phase)) / 2;
  return static_cast<int>(phase < 0.5 ? std::ceil(at - 0.5 - kTie) : std::floor(at + 0.5 + kTie));
}

}  // namespace kiln
