#include "app/widgets/keys.h"

#if IMGUI_VERSION_NUM < 18700
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#endif

#include <string>
#include <utility>

namespace kiln {
namespace {

// Before 1.87 ImGui tells most keys by the numbers of its backend, GLFW.
#if IMGUI_VERSION_NUM < 18700
using NativeKey = int;
#define SPRITEKILN_KEY(glfw, imgui) GLFW_KEY_##glfw
// A frame may see a key that writes come and go (InputQueue), and then only what it wrote.
constexpr bool kSeesEveryKey = false;
#else
using NativeKey = ImGuiKey;
#define SPRITEKILN_KEY(glfw, imgui) ImGuiKey_##imgui
constexpr bool kSeesEveryKey = true;
#endif

constexpr std::pair<NativeKey, const char*> kKeys[] = {
    {SPRITEKILN_KEY(SPACE, Space), "Space"},
    {SPRITEKILN_KEY(ENTER, Enter), "Enter"},
    {SPRITEKILN_KEY(KP_ENTER, KeypadEnter), "Enter"},
    {SPRITEKILN_KEY(ESCAPE, Escape), "Escape"},
    {SPRITEKILN_KEY(DELETE, Delete), "Delete"},
    {SPRITEKILN_KEY(BACKSPACE, Backspace), "Backspace"},
    {SPRITEKILN_KEY(INSERT, Insert), "Insert"},
    {SPRITEKILN_KEY(HOME, Home), "Home"},
    {SPRITEKILN_KEY(END, End), "End"},
    {SPRITEKILN_KEY(PAGE_UP, PageUp), "PageUp"},
    {SPRITEKILN_KEY(PAGE_DOWN, PageDown), "PageDown"},
    {SPRITEKILN_KEY(LEFT, LeftArrow), "Left"},
    {SPRITEKILN_KEY(RIGHT, RightArrow), "Right"},
    {SPRITEKILN_KEY(UP, UpArrow), "Up"},
    {SPRITEKILN_KEY(DOWN, DownArrow), "Down"},
    {SPRITEKILN_KEY(APOSTROPHE, Apostrophe), "'"},
    {SPRITEKILN_KEY(COMMA, Comma), ","},
    {SPRITEKILN_KEY(MINUS, Minus), "-"},
    {SPRITEKILN_KEY(PERIOD, Period), "."},
    {SPRITEKILN_KEY(SLASH, Slash), "/"},
    {SPRITEKILN_KEY(SEMICOLON, Semicolon), ";"},
    {SPRITEKILN_KEY(EQUAL, Equal), "="},
    {SPRITEKILN_KEY(LEFT_BRACKET, LeftBracket), "["},
    {SPRITEKILN_KEY(BACKSLASH, Backslash), "\\"},
    {SPRITEKILN_KEY(RIGHT_BRACKET, RightBracket), "]"},
    {SPRITEKILN_KEY(GRAVE_ACCENT, GraveAccent), "`"},
    {SPRITEKILN_KEY(KP_DECIMAL, KeypadDecimal), "."},
    {SPRITEKILN_KEY(KP_DIVIDE, KeypadDivide), "/"},
    {SPRITEKILN_KEY(KP_MULTIPLY, KeypadMultiply), "*"},
    {SPRITEKILN_KEY(KP_SUBTRACT, KeypadSubtract), "-"},
    {SPRITEKILN_KEY(KP_ADD, KeypadAdd), "+"},
};

struct NamedKey {
  NativeKey key;
  std::string name;
};

std::vector<NamedKey> all_keys() {
  std::vector<NamedKey> keys;
  for (const auto& [key, name] : kKeys) keys.push_back({key, name});
  const auto add = [&](NativeKey first, int count, const auto& name) {
    for (int i = 0; i < count; ++i) keys.push_back({static_cast<NativeKey>(first + i), name(i)});
  };
  const auto digit = [](int i) { return std::to_string(i); };
  add(SPRITEKILN_KEY(A, A), 26, [](int i) { return std::string{static_cast<char>('A' + i)}; });
  add(SPRITEKILN_KEY(0, 0), 10, digit);
  add(SPRITEKILN_KEY(KP_0, Keypad0), 10, digit);
  add(SPRITEKILN_KEY(F1, F1), 12, [](int i) { return "F" + std::to_string(i + 1); });
  return keys;
}
#undef SPRITEKILN_KEY

const std::vector<NamedKey>& keys() {
  static const std::vector<NamedKey> all = all_keys();
  return all;
}

bool writes(const std::string& key) { return key.size() == 1 || key == "Space"; }

// Whether a letter that was written is only that of a key that is held.
#if IMGUI_VERSION_NUM < 18700
constexpr float kRepeatsAfter_s = 0.2f;
bool is_repeated(const std::string& name) {
  for (const NamedKey& each : keys()) {
    if (each.name == name && ImGui::GetIO().KeysDownDuration[each.key] >= kRepeatsAfter_s) return true;
  }
  return false;
}
#else
bool is_repeated(const std::string&) { return true; }  // pressed_keys() sees the key itself
#endif

// Which key punctuation is on is the keyboard's matter: what counts is what was written.
void add_written(std::vector<KeyStroke>& pressed) {
  const ImGuiIO& io = ImGui::GetIO();
  for (const ImWchar c : io.InputQueueCharacters) {
    const auto stroke = c == ' ' ? KeyStroke{.key = "Space"} : parse_key(c < 128 ? std::string{static_cast<char>(c)} : "");
    if (!stroke) continue;
    const bool punctuation = is_punctuation(stroke->key);
    if (!punctuation && is_repeated(stroke->key)) continue;
    pressed.push_back({.key = stroke->key, .shift = io.KeyShift && !punctuation});
  }
}

}  // namespace

bool keys_are_free() {
  return !ImGui::GetIO().WantTextInput && !ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
}

bool key_typed(ImGuiKey key) { return keys_are_free() && ImGui::IsKeyPressed(ImGui::GetKeyIndex(key), false); }

std::vector<KeyStroke> pressed_keys() {
  const ImGuiIO& io = ImGui::GetIO();
  std::vector<KeyStroke> pressed;
  if (io.KeySuper) return pressed;
  const bool command = io.KeyCtrl || io.KeyAlt;
  for (const NamedKey& each : keys()) {
    if (!ImGui::IsKeyPressed(each.key, false)) continue;
    const bool punctuation = is_punctuation(each.name);
    if (!command && writes(each.name) && (punctuation || !kSeesEveryKey)) continue;  // add_written() has it
    pressed.push_back({each.name, io.KeyCtrl, io.KeyShift && !punctuation, io.KeyAlt});
  }
  if (!command) add_written(pressed);
  return pressed;
}

}  // namespace kiln
