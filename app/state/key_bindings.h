#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kiln {

struct Studio;

// A key with what is held while it is pressed. Of punctuation, `shift` is false: which of it needs Shift is the keyboard's matter.
struct KeyStroke {
  std::string key;  // "A", "7", ",", "Space", "F5": as key_names() has it
  bool ctrl = false, shift = false, alt = false;
  friend bool operator==(const KeyStroke&, const KeyStroke&) = default;
};

// The keys that have more than one letter in their name, as they are shown.
std::span<const char* const> key_names();

// Whether the key writes something that is neither a letter nor a digit.
bool is_punctuation(std::string_view key);

// "ctrl+shift+e" in any case; none if there is no such key.
std::optional<KeyStroke> parse_key(std::string_view text);
// As it is shown: "Ctrl+Shift+E". parse_key() reads that, too.
std::string key_text(const KeyStroke& stroke);
// Several, with spaces between. What is none is left out.
std::vector<KeyStroke> parse_keys(std::string_view text);

// Parts of the window in which a key can mean something of its own, as bits.
using Places = unsigned;
inline constexpr Places kInGrid = 1, kInEditor = 2, kInAnimation = 4, kInGallery = 8, kInData = 16, kInTrain = 32, kInLab = 64;
inline constexpr Places kEverywhere = 127;

// “Generate and Gallery”, “everywhere”.
std::string places_text(Places places);

// Something that a key does.
struct KeyAction {
  const char *id, *label;
  Places where;
  const char* keys;           // by default, as parse_keys() reads them; "": none
  void (*run)(Studio&);       // null: the key is fixed, and what draws that part of the window takes it itself
  bool while_typing = false;  // a key with Ctrl, or F1 to F12, also while a text is typed or a dialog is open
};
using KeyActions = std::span<const KeyAction>;

// Keys that are not as by default: the action's id → its key as text, "" for none.
using ChangedKeys = std::map<std::string, std::string>;

// Null: there is none.
const KeyAction* find_action(KeyActions actions, std::string_view id);

std::vector<KeyStroke> keys_of(const KeyAction& action, const ChangedKeys& changed);
// The first two of them, for showing: "Ctrl+Enter or Enter"; "" without any.
std::string keys_text(const KeyAction& action, const ChangedKeys& changed);

// Which action a key belongs to in any of these places; null: none.
const KeyAction* action_of(KeyActions actions, const ChangedKeys& changed, Places where, const KeyStroke& stroke);

// Gives the action this key alone, or none. Returns why that cannot be, as a sentence without a full stop, or "".
std::string bind_key(KeyActions actions, ChangedKeys& changed, const KeyAction& action, const std::optional<KeyStroke>& stroke);

// Takes out what cannot be: unknown actions and keys, and keys that another action has there. Returns those, as “id: key”.
std::vector<std::string> drop_unsound(KeyActions actions, ChangedKeys& changed);

}  // namespace kiln
