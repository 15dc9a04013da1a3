#pragma once

#include <cstddef>
#include <vector>

#include "engine/base/image.h"

namespace kiln {

// Which frame of an animation is shown.
struct FramePlayer {
  bool plays = true;
  std::size_t at = 0;   // position in the order in which frames are played
  double since_s = -1;  // when it came; below 0: not shown yet
};

// Moves on to the position that is due; when the next one is. `durations_ms`: of each frame, taken as a millisecond at least. After
// a pause longer than a round it goes on where it was.
double advance(FramePlayer& player, double now_s, const std::vector<std::size_t>& order, const std::vector<int>& durations_ms);

// The frame with the one before it faintly where it is transparent.
Image onion_skin(const Image& frame, const Image& before);

}  // namespace kiln
