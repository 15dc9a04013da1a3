#pragma once

#include <deque>
#include <set>
#include <vector>

namespace kiln {

// Something that keyboard or pointer did.
struct InputEvent {
  enum class Kind { kKey, kCharacter, kButton, kPointer, kWheel };
  Kind kind = Kind::kKey;
  int code = 0;  // of a key or a button; a character's code point
  bool down = false;
  bool modifier = false;   // gives other keys another meaning
  bool command = false;    // a modifier other than Shift
  bool printable = false;  // does nothing but write a character unless a command is held
  int scancode = 0;
  int modifiers = 0;
  double x = 0, y = 0;  // place or wheel
};

// Input in the order of its coming, handed out in portions that a frame can tell apart: at most one change of a key or a button,
// and never two things whose order would be lost because a frame looks at them in an order of its own.
class InputQueue {
 public:
  void push(const InputEvent& event) { events_.push_back(event); }
  bool empty() const { return events_.empty(); }

  // What the next frame is to see.
  std::vector<InputEvent> take_frame();

 private:
  struct Portion;
  bool fits(const InputEvent& event, const Portion& portion) const;

  std::deque<InputEvent> events_;
  std::set<int> commands_;  // held modifiers other than Shift
};

}  // namespace kiln
