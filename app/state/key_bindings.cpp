#include "app/state/key_bindings.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>

namespace kiln {
namespace {

constexpr const char* kNames[] = {"Space",    "Enter", "Escape", "Delete", "Backspace", "Insert", "Home", "End", "PageUp",
                                  "PageDown", "Left",  "Right",  "Up",     "Down",      "F1",     "F2",   "F3",  "F4",
                                  "F5",       "F6",    "F7",     "F8",     "F9",        "F10",    "F11",  "F12"};

constexpr struct {
  Places place;
  const char* name;
} kPlaceNames[] = {{kInGrid, "Generate"},   {kInEditor, "pixel editor"}, {kInAnimation, "animation"},
                   {kInGallery, "Gallery"}, {kInData, "Data"},           {kInTrain, "Train"},
                   {kInLab, "Lab"}};

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

// Takes `modifier` and a plus off the front.
bool take(std::string_view& text, std::string_view modifier) {
  if (text.size() <= modifier.size() + 1 || text[modifier.size()] != '+' || !same(text.substr(0, modifier.size()), modifier))
    return false;
  text.remove_prefix(modifier.size() + 1);
  return true;
}

std::string key_named(std::string_view text) {
  if (text.size() == 1 && text[0] > ' ' && text[0] <= '~')
    return {static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])))};
  for (const char* name : kNames) {
    if (same(text, name)) return name;
  }
  return {};
}

bool has(const std::vector<KeyStroke>& strokes, const KeyStroke& stroke) {
  return std::find(strokes.begin(), strokes.end(), stroke) != strokes.end();
}

// Another action that has the key in one of the places of `action`.
const KeyAction* other_with(KeyActions actions, const ChangedKeys& changed, const KeyAction& action, const KeyStroke& stroke) {
  for (const KeyAction& other : actions) {
    if (&other != &action && (other.where & action.where) != 0 && has(keys_of(other, changed), stroke)) return &other;
  }
  return nullptr;
}

}  // namespace

std::span<const char* const> key_names() { return kNames; }

bool is_punctuation(std::string_view key) { return key.size() == 1 && std::isalnum(static_cast<unsigned char>(key[0])) == 0; }

std::optional<KeyStroke> parse_key(std::string_view text) {
  KeyStroke stroke;
  const std::pair<const char*, bool*> modifiers[] = {{"ctrl", &stroke.ctrl}, {"shift", &stroke.shift}, {"alt", &stroke.alt}};
  for (bool more = true; more;) {
    more = false;
    for (const auto& [name, held] : modifiers) {
      if (take(text, name)) *held = more = true;
    }
  }
  stroke.key = key_named(text);
  if (stroke.key.empty()) return {};
  if (is_punctuation(stroke.key)) stroke.shift = false;
  return stroke;
}

std::string key_text(const KeyStroke& stroke) {
  return std::string(stroke.ctrl ? "Ctrl+" : "") + (stroke.shift ? "Shift+" : "") + (stroke.alt ? "Alt+" : "") + stroke.key;
}

std::vector<KeyStroke> parse_keys(std::string_view text) {
  std::vector<KeyStroke> strokes;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (auto stroke = parse_key(text.substr(0, end))) strokes.push_back(std::move(*stroke));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return strokes;
}

std::string places_text(Places places) {
  if (places == kEverywhere) return "everywhere";
  std::vector<std::string> names;
  for (const auto& [place, name] : kPlaceNames) {
    if ((places & place) != 0) names.emplace_back(name);
  }
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

const KeyAction* find_action(KeyActions actions, std::string_view id) {
  const auto found = std::find_if(actions.begin(), actions.end(), [&](const KeyAction& action) { return action.id == id; });
  return found == actions.end() ? nullptr : &*found;
}

std::vector<KeyStroke> keys_of(const KeyAction& action, const ChangedKeys& changed) {
  const auto own = changed.find(action.id);
  return parse_keys(own == changed.end() ? action.keys : own->second);
}

std::string keys_text(const KeyAction& action, const ChangedKeys& changed) {
  const std::vector<KeyStroke> strokes = keys_of(action, changed);
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(strokes.size(), 2); ++i)
    text += (text.empty() ? "" : " or ") + key_text(strokes[i]);
  return text;
}

const KeyAction* action_of(KeyActions actions, const ChangedKeys& changed, Places where, const KeyStroke& stroke) {
  for (const KeyAction& action : actions) {
    if ((action.where & where) != 0 && has(keys_of(action, changed), stroke)) return &action;
  }
  return nullptr;
}

std::string bind_key(KeyActions actions, ChangedKeys& changed, const KeyAction& action, const std::optional<KeyStroke>& stroke) {
  if (action.run == nullptr) return std::string("The key of “") + action.label + "” cannot be changed";
  if (stroke) {
    if (const KeyAction* other = other_with(actions, changed, action, *stroke))
      return key_text(*stroke) + " is already the key of “" + other->label + "”";
  }
  const std::vector<KeyStroke> wanted = stroke ? std::vector{*stroke} : std::vector<KeyStroke>();
  if (wanted == parse_keys(action.keys))
    changed.erase(action.id);
  else
    changed[action.id] = stroke ? key_text(*stroke) : "";
  return {};
}

std::vector<std::string> drop_unsound(KeyActions actions, ChangedKeys& changed) {
  std::vector<std::string> dropped;
  const auto drop = [&](ChangedKeys::iterator at) {
    dropped.push_back(at->first + ": " + at->second);
    return changed.erase(at);
  };
  for (auto at = changed.begin(); at != changed.end();) {
    const KeyAction* action = find_action(actions, at->first);
    const bool known = action && action->run && (at->second.empty() || parse_key(at->second));
    at = known ? std::next(at) : drop(at);
  }
  for (bool again = true; again;) {  // a default that comes back may be in the way of another
    again = false;
    for (auto at = changed.begin(); at != changed.end();) {
      const auto stroke = parse_key(at->second);
      const bool doubled = stroke && other_with(actions, changed, *find_action(actions, at->first), *stroke);
      again |= doubled;
      at = doubled ? drop(at) : std::next(at);
    }
  }
  return dropped;
}

}  // namespace kiln
