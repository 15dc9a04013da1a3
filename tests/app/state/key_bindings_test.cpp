#include "app/state/key_bindings.h"

#include <doctest/doctest.h>

#include "app/state/settings.h"
#include "engine/base/file.h"
#include "tests/support/temporary_folder.h"

namespace kiln {
namespace {

void nothing(Studio&) {}

constexpr KeyAction kActions[] = {
    {"help", "Help", kEverywhere, "F1", nothing, true},
    {"edit", "Edit", kInGrid | kInGallery, "E", nothing},
    {"start_from", "Start from this", kInGrid, "", nothing},
    {"undo", "Undo", kInGrid | kInEditor, "Ctrl+Z", nothing},
    {"redo", "Redo", kInGrid | kInEditor, "Ctrl+Y Ctrl+Shift+Z", nothing},
    {"eraser", "Eraser", kInEditor, "E", nothing},
    {"left", "Left", kInGrid, "Left", nullptr},
};

const KeyAction& action(std::string_view id) { return *find_action(kActions, id); }

KeyStroke stroke(std::string_view text) { return *parse_key(text); }

const char* id_of(Places where, std::string_view text, const ChangedKeys& changed = {}) {
  const KeyAction* found = action_of(kActions, changed, where, stroke(text));
  return found ? found->id : "";
}

TEST_CASE("Keys are read in any case, and shown in one way") {
  CHECK(key_text(stroke("ctrl+shift+e")) == "Ctrl+Shift+E");
  CHECK(key_text(stroke("SHIFT+Ctrl+pageup")) == "Ctrl+Shift+PageUp");
  CHECK(key_text(stroke("alt+f12")) == "Alt+F12");
  CHECK(key_text(stroke("ctrl++")) == "Ctrl++");
  CHECK(key_text(stroke("+")) == "+");
  CHECK(key_text(stroke(",")) == ",");
  for (const char* name : key_names()) CHECK(key_text(stroke(name)) == name);
  for (const char* text : {"", " ", "ctrl", "ctrl+", "ctrl+shift", "hyper+a", "ab", "F13", "é", "ctrl+é", "\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_key(text));
  }
}

TEST_CASE("Whether punctuation needs Shift is the keyboard's matter, of letters it is another key") {
  CHECK((stroke("shift+?") == stroke("?")));
  CHECK_FALSE((stroke("shift+a") == stroke("a")));
  CHECK_FALSE((stroke("shift+7") == stroke("7")));
}

TEST_CASE("A key means what the action does that has it in that place") {
  CHECK(std::string(id_of(kInGrid, "e")) == "edit");
  CHECK(std::string(id_of(kInGallery, "e")) == "edit");
  CHECK(std::string(id_of(kInEditor, "e")) == "eraser");
  CHECK(std::string(id_of(kInLab, "e")).empty());
  CHECK(std::string(id_of(kInLab, "F1")) == "help");
  CHECK(std::string(id_of(kInEditor, "ctrl+y")) == "redo");
  CHECK(std::string(id_of(kInEditor, "ctrl+shift+z")) == "redo");
  CHECK(std::string(id_of(kInEditor, "ctrl+e")).empty());
}

TEST_CASE("An action is given another key, and none; only what is not as by default is kept") {
  ChangedKeys changed;
  CHECK(bind_key(kActions, changed, action("start_from"), stroke("shift+f")).empty());
  CHECK((changed == ChangedKeys{{"start_from", "Shift+F"}}));
  CHECK(std::string(id_of(kInGrid, "shift+f", changed)) == "start_from");
  CHECK(keys_text(action("start_from"), changed) == "Shift+F");
  CHECK(bind_key(kActions, changed, action("edit"), stroke("p")).empty());
  CHECK(std::string(id_of(kInGrid, "e", changed)).empty());
  CHECK(bind_key(kActions, changed, action("edit"), stroke("e")).empty());
  CHECK_FALSE(changed.contains("edit"));
  CHECK(bind_key(kActions, changed, action("redo"), std::nullopt).empty());
  CHECK(keys_text(action("redo"), changed).empty());
  CHECK(std::string(id_of(kInGrid, "ctrl+y", changed)).empty());
}

TEST_CASE("A key that another action of the same place has is refused by its name") {
  ChangedKeys changed;
  CHECK(bind_key(kActions, changed, action("start_from"), stroke("e")) == "E is already the key of “Edit”");
  CHECK(bind_key(kActions, changed, action("start_from"), stroke("F1")) == "F1 is already the key of “Help”");
  CHECK(bind_key(kActions, changed, action("start_from"), stroke("ctrl+shift+z")) == "Ctrl+Shift+Z is already the key of “Redo”");
  CHECK(bind_key(kActions, changed, action("start_from"), stroke("left")) == "Left is already the key of “Left”");
  CHECK(bind_key(kActions, changed, action("help"), stroke("e")).find("“Edit”") != std::string::npos);
  CHECK_FALSE(bind_key(kActions, changed, action("left"), stroke("h")).empty());
  CHECK(changed.empty());
  CHECK(bind_key(kActions, changed, action("edit"), std::nullopt).empty());  // then it is free
  CHECK(bind_key(kActions, changed, action("start_from"), stroke("e")).empty());
}

TEST_CASE("Of keys from a file, those that cannot be are dropped and told, and the others stay") {
  ChangedKeys changed = {{"start_from", "ctrl+e"}, {"gone", "q"}, {"undo", "no key"}, {"left", "h"}, {"redo", ""}};
  const std::vector<std::string> dropped = drop_unsound(kActions, changed);
  CHECK((dropped == std::vector<std::string>{"gone: q", "left: h", "undo: no key"}));
  CHECK((changed == ChangedKeys{{"redo", ""}, {"start_from", "ctrl+e"}}));
}

TEST_CASE("No two actions of one place have a key after a file was read, whatever it said") {
  ChangedKeys same = {{"start_from", "q"}, {"edit", "q"}};
  CHECK(drop_unsound(kActions, same).size() == 1);
  CHECK(same.size() == 1);
  ChangedKeys as_default = {{"start_from", "e"}};
  CHECK(drop_unsound(kActions, as_default).size() == 1);
  ChangedKeys exchanged = {{"undo", "ctrl+y"}, {"redo", "ctrl+z"}};
  CHECK(drop_unsound(kActions, exchanged).empty());
  ChangedKeys elsewhere = {{"eraser", "p"}, {"edit", "p"}};
  CHECK(drop_unsound(kActions, elsewhere).empty());
  ChangedKeys chain = {{"undo", "e"}, {"edit", "F1"}};  // F1 is taken, so that E is “Edit” again
  CHECK(drop_unsound(kActions, chain).size() == 2);
}

TEST_CASE("Keys are remembered, and what is no text is a broken file") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "settings.json";
  Settings settings;
  settings.keys = {{"start_from", "Ctrl+E"}, {"redo", ""}};
  save_settings(file, settings);
  CHECK((load_settings(file).settings.keys == settings.keys));
  write_file(file, std::string(R"({"keys": {"start_from": 7}})"));
  const LoadedSettings broken = load_settings(file);
  CHECK(broken.problem);
  CHECK(broken.settings.keys.empty());
}

}  // namespace
}  // namespace kiln
