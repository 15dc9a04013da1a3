#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/param_spec.h"

namespace kiln {

// A movement that is drawn by rule: it moves, hides or relights pixels that the sprite has, in the sprite's size, and mixes no
// colours.
struct Motion {
  std::string id;
  std::string label;  // what the window shows
  std::string help;   // one sentence
  std::vector<ParamSpec> params;
  bool swings = false;  // the second half is the way back of the first
  // The sprite at `phase` of the movement, from 0 to below 1; at 0 it is the sprite. `values`: whole, of `params`. Throws
  // Failure(kUnsupported) for a sprite that cannot move so.
  Image (*at)(const Image& sprite, double phase, const ParamMap& values) = nullptr;
  // In place of `at`, where each frame is told by itself: frame 0 is the sprite.
  Image (*at_frame)(const Image& sprite, int frame, const ParamMap& values) = nullptr;
};

inline constexpr const char* kByHand = "hand";  // the motion whose frames are moved one by one

// In the order to show them.
const std::vector<Motion>& motions();
// Throws Failure(kInvalidArgument), naming the nearest known one.
const Motion& find_motion(std::string_view id);

// `count` frames, evenly over the movement; to be played back and forth, over its first half where it swings. The first is the
// sprite. Throws Failure: kInvalidArgument for fewer than two frames, an image without opaque pixels, and as `validated`;
// kUnsupported for a sprite that cannot move so.
std::vector<Image> motion_frames(const Motion& motion, const Image& sprite, int count, bool ping_pong, const ParamMap& values);

// The frames of one round as they are played: 0 1 2 3, or, back and forth, 0 1 2 3 2 1.
std::vector<std::size_t> play_order(std::size_t count, bool ping_pong);

// From 0 to `most` at phase ½ and back, along a cosine, by whole numbers: half way between two it is the one that it was.
int swing(double phase, int most);

}  // namespace kiln
