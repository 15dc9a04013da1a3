#pragma once

#include <cstdint>
#include <future>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/state/frame_player.h"
#include "app/state/looked_up.h"
#include "app/state/morph_ends.h"
#include "app/state/redraw_mirror.h"
#include "engine/base/error.h"
#include "engine/pixelart/shifts.h"

namespace kiln {

// A sprite that is animated.
struct AnimatedSprite {
  Image image;
  std::string name;                 // for showing
  Condition condition;              // what a model is told that it is
  std::vector<Image> frames = {};   // of the animation that a model drew it in; empty: of none
  std::vector<MorphEnd> ends = {};  // the two sprites that were selected, in the order of a morph; empty: not two were
};

// Where its frames come from.
enum class FrameSource { kMoved, kOwn, kMorphed };  // as settings.animate says; of the sprite's animation; between the ends

// What became of writing files: those that were written, or those that are there already, and then nothing was.
struct WrittenAnimation {
  std::vector<std::string> written, there;
};

// What would be written: how large it is, or why it cannot be.
struct PlannedFile {
  int width = 0, height = 0;
  std::optional<Error> problem = {};
};

// The Generate tab's animation of one sprite; forgotten when the window closes, but for settings.animate.
struct AnimateView {
  bool open = false;
  bool drawn = false;  // the frames are by the model, or on the way to it; of a morph, `morphed` says which are
  bool asks = false;   // whether files may be replaced
  FrameSource source = FrameSource::kMoved;
  AnimatedSprite sprite;
  std::future<std::variant<AnimatedSprite, Error>> coming;  // from a file

  std::vector<Image> morphed;  // the frames of a morph, as the model drew them; empty ones are not drawn yet
  std::vector<Image> moved;    // by rule; those that a model starts from
  std::vector<Image> frames;   // as they are shown
  std::vector<int> durations_ms;
  std::optional<Error> problem;  // the sprite cannot move so
  std::vector<std::size_t> order;
  std::vector<Image> onions;
  std::uint64_t version = 0;                                              // of the frames
  std::future<std::variant<std::vector<FrameRequest>, Error>> preparing;  // what the model starts from is being written

  FramePlayer player;
  std::optional<Shift> dragged_from;  // the shown frame's, when the pointer took hold of it

  LookedUp<PlannedFile> planned;
  std::optional<Error> unwritable;  // the sheet cannot be laid out so
  std::future<std::variant<WrittenAnimation, Error>> writing;
  std::vector<std::string> there;  // files that are to be replaced, if the artist says so
};

}  // namespace kiln
