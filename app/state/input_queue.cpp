#include "app/state/input_queue.h"

namespace kiln {

// What the frame is to see so far.
struct InputQueue::Portion {
  std::set<int> keys, buttons;  // that changed
  bool acts = false;            // a key changed that does something of its own
  bool keyed = false;           // any key but a modifier changed
  bool wrote = false, turned = false;
};

bool InputQueue::fits(const InputEvent& event, const Portion& portion) const {
  switch (event.kind) {
    case InputEvent::Kind::kPointer:
      return portion.buttons.empty() && !portion.turned;
    case InputEvent::Kind::kWheel:
      return portion.buttons.empty();
    case InputEvent::Kind::kButton:
      return !portion.buttons.contains(event.code) && !portion.acts && !portion.wrote && !portion.turned;
    case InputEvent::Kind::kCharacter:
      return portion.buttons.empty() && !portion.acts;
    case InputEvent::Kind::kKey:
      break;
  }
  if (portion.keys.contains(event.code) || !portion.buttons.empty()) return false;
  if (event.modifier) return !portion.keyed && !portion.wrote;
  return (event.printable && commands_.empty()) || !portion.wrote;
}

std::vector<InputEvent> InputQueue::take_frame() {
  std::vector<InputEvent> taken;
  Portion portion;
  while (!events_.empty() && fits(events_.front(), portion)) {
    const InputEvent& event = events_.front();
    switch (event.kind) {
      case InputEvent::Kind::kKey: {
        const bool writes = event.printable && commands_.empty();
        if (!writes) portion.keys.insert(event.code);
        portion.acts |= !writes && !event.modifier;
        portion.keyed |= !event.modifier;
        if (event.command && event.down) commands_.insert(event.code);
        if (event.command && !event.down) commands_.erase(event.code);
        break;
      }
      case InputEvent::Kind::kCharacter:
        portion.wrote = true;
        break;
      case InputEvent::Kind::kButton:
        portion.buttons.insert(event.code);
        break;
      case InputEvent::Kind::kWheel:
        portion.turned = true;
        break;
      case InputEvent::Kind::kPointer:
        break;
    }
    taken.push_back(event);
    events_.pop_front();
  }
  return taken;
}

}  // namespace kiln
