#pragma once

namespace kiln {

inline constexpr int kMostFrames = 16;  // of an animation that a model is trained on

inline constexpr int kLeastFrameMs = 20, kMostFrameMs = 60000;  // how long a frame stands

}  // namespace kiln
