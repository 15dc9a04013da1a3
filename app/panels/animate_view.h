#pragma once

#include <cstdint>
#include <future>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/state/frame_player.h"
#include "app/state/redraw_mirror.h"
#include "engine/base/error.h"
#include "engine/pixelart/shifts.h"

namespace kiln {

// A sprite that is animated.
struct AnimatedSprite {
  Image image;
  std::string name;                // for showing
  Condition condition;             // what a model is told that it is
  std::vector<Image> frames = {};  // of the animation that a model drew it in; empty: of none
};

// What became of writing files: those that were written, or those that are there already, and then nothing was.
struct WrittenAnimation {
  std::vector<std::string> written, there;
};

// The Generate tab's animation of one sprite; forgotten when the window closes, but for settings.animate.
struct AnimateView {
  bool open = false;
  bool drawn = false;       // the frames are by the model, or on the way to it
  bool own_frames = false;  // those of the sprite's animation, in place of a motion
  bool asks = false;        // whether files may be replaced
  AnimatedSprite sprite;
  std::future<std::variant<AnimatedSprite, Error>> coming;  // from a file

  std::vector<Image> moved;   // by rule; those that a model starts from
  std::vector<Image> frames;  // as they are shown
  std::vector<int> durations_ms;
  std::optional<Error> problem;  // the sprite cannot move so
  std::vector<std::size_t> order;
  std::vector<Image> onions;
  std::uint64_t version = 0;                                              // of the frames
  std::future<std::variant<std::vector<FrameRequest>, Error>> preparing;  // what the model starts from is being written

  FramePlayer player;
  std::optional<Shift> dragged_from;  // the shown frame's, when the pointer took hold of it

  std::future<std::variant<WrittenAnimation, Error>> writing;
  std::vector<std::string> there;  // files that are to be replaced, if the artist says so
};

}  // namespace kiln
