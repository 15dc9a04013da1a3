#include "app/panels/shortcuts.h"

#include <doctest/doctest.h>

#include <set>
#include <sstream>

#include "app/panels/edit_tools.h"

namespace kiln {
namespace {

TEST_CASE("Every action has a name of its own, and every default key is one") {
  std::set<std::string> ids;
  for (const KeyAction& action : key_actions()) {
    CAPTURE(action.id);
    CHECK(ids.insert(action.id).second);
    CHECK(action.where != 0);
    std::istringstream words(action.keys);
    std::size_t count = 0;
    for (std::string word; words >> word; ++count) CHECK(parse_key(word));
    CHECK(parse_keys(action.keys).size() == count);
    if (action.run == nullptr) CHECK(count > 0);
  }
}

TEST_CASE("By default, no key has two meanings in one place") {
  for (const KeyAction& action : key_actions()) {
    for (const KeyStroke& stroke : parse_keys(action.keys)) {
      for (Places place = 1; place <= kEverywhere; place *= 2) {
        if ((action.where & place) == 0) continue;
        CAPTURE(action.id);
        CHECK(action_of(key_actions(), {}, place, stroke) == &action);
      }
    }
  }
}

TEST_CASE("The keys that artists know are as they were") {
  const std::pair<const char*, const char*> known[] = {{"generate", "Ctrl+Enter Enter"},
                                                       {"keep", "S"},
                                                       {"edit", "E"},
                                                       {"regenerate", "R"},
                                                       {"delete", "Delete"},
                                                       {"undo", "Ctrl+Z"},
                                                       {"compare", "B"},
                                                       {"tile", "T"},
                                                       {"pixel_grid", "G"},
                                                       {"earlier", ","},
                                                       {"later", "."},
                                                       {"edit.flip_x", "H"},
                                                       {"edit.fit", "F"},
                                                       {"help", "F1"},
                                                       {"quit", "Ctrl+Q"}};
  for (const auto& [id, keys] : known) {
    CAPTURE(id);
    REQUIRE(find_action(key_actions(), id));
    CHECK(std::string(find_action(key_actions(), id)->keys) == keys);
  }
  for (const EditToolInfo& tool : kEditTools) CHECK(find_action(key_actions(), tool.name));
}

}  // namespace
}  // namespace kiln
