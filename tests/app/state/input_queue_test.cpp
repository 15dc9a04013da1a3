#include "app/state/input_queue.h"

#include <doctest/doctest.h>

#include <string>

namespace kiln {
namespace {

constexpr int kCtrl = 341, kShift = 340, kA = 65, kEnter = 257;

InputEvent key(int code, bool down) {
  InputEvent event;
  event.code = code;
  event.down = down;
  event.command = code == kCtrl;
  event.modifier = event.command || code == kShift;
  event.printable = code < 128;
  return event;
}

InputEvent of(InputEvent::Kind kind, int code, bool down = false) {
  InputEvent event;
  event.kind = kind;
  event.code = code;
  event.down = down;
  return event;
}

InputEvent character(char c) { return of(InputEvent::Kind::kCharacter, c); }

InputEvent button(bool down) { return of(InputEvent::Kind::kButton, 0, down); }

// "^" Ctrl, "+" Shift, "a" the key A, "'a" the character, "!" Enter, "b" the button, "p" the pointer, "w" the wheel; small: down or
// there, followed by "-": up. One word a frame.
std::string frames(InputQueue& queue) {
  std::string text;
  while (!queue.empty()) {
    if (!text.empty()) text += ' ';
    for (const InputEvent& event : queue.take_frame()) {
      const auto up = [&](const char* name) { text += std::string(name) + (event.down ? "" : "-"); };
      switch (event.kind) {
        case InputEvent::Kind::kKey:
          up(event.code == kCtrl ? "^" : event.code == kShift ? "+" : event.code == kEnter ? "!" : "a");
          break;
        case InputEvent::Kind::kCharacter:
          text += std::string("'") + static_cast<char>(event.code);
          break;
        case InputEvent::Kind::kButton:
          up("b");
          break;
        case InputEvent::Kind::kPointer:
          text += "p";
          break;
        case InputEvent::Kind::kWheel:
          text += "w";
          break;
      }
    }
  }
  return text;
}

std::string frames_of(std::initializer_list<InputEvent> events) {
  InputQueue queue;
  for (const InputEvent& event : events) queue.push(event);
  return frames(queue);
}

TEST_CASE("a key that was pressed and let go of between two frames is seen, with its modifier") {
  CHECK(frames_of({key(kEnter, true), key(kEnter, false)}) == "! !-");
  CHECK(frames_of({key(kCtrl, true), key(kA, true), key(kA, false), key(kCtrl, false)}) == "^a a- ^-");
  CHECK(frames_of({key(kCtrl, true), key(kA, true), key(kCtrl, false), key(kA, false)}) == "^a ^-a-");
}

TEST_CASE("no key is seen with a modifier that was pressed after it, or without one that was let go of after it") {
  CHECK(frames_of({key(kA, true), character('a'), key(kCtrl, true)}) == "a'a ^");
  InputQueue queue;
  queue.push(key(kCtrl, true));
  CHECK(frames(queue) == "^");
  queue.push(key(kA, true));
  queue.push(key(kCtrl, false));
  CHECK(frames(queue) == "a ^-");
}

TEST_CASE("what is typed fast is one frame's, but not what comes after a command") {
  CHECK(frames_of({key(kA, true), character('a'), key(kA, false), key(kA, true), character('a'), key(kA, false)}) == "a'aa-a'aa-");
  CHECK(frames_of({key(kShift, true), key(kA, true), character('A'), key(kA, false), key(kShift, false)}) == "+a'Aa- +-");
  CHECK(frames_of({key(kCtrl, true), key(kA, true), key(kA, false), key(kCtrl, false), key(kA, true), character('x')}) ==
        "^a a- ^-a'x");
  CHECK(frames_of({character('x'), key(kEnter, true), key(kEnter, false), character('y')}) == "'x ! !- 'y");
}

TEST_CASE("a click is where the pointer was, and what is typed after it goes where it went") {
  const InputEvent move = of(InputEvent::Kind::kPointer, 0), wheel = of(InputEvent::Kind::kWheel, 0);
  CHECK(frames_of({move, move, button(true), button(false), move, character('x')}) == "ppb b- p'x");
  CHECK(frames_of({move, wheel, move, wheel, button(true)}) == "pw pw b");
  CHECK(frames_of({key(kCtrl, true), button(true), key(kCtrl, false), button(false)}) == "^b ^-b-");
}

}  // namespace
}  // namespace kiln
