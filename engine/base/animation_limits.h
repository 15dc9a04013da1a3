#pragma once

namespace kiln {

inline constexpr int kMostFrames = 16;  // of an animation that a model is trained on

}  // namespace kiln
