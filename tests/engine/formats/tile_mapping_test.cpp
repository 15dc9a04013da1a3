#include "engine/formats/tile_mapping.h"

#include <doctest/doctest.h>

#include <set>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "tests/support/source_folder.h"

using namespace kiln;

TEST_CASE("the first line that fits decides; folders below count only where a line says so") {
  const TileMapping mapping(
      "# words\n- item/food bone*\nfood item/food  # all others\n\nspell gui/spells/**\nsword item/weapon *blade *sword[0-9]\n",
      "test");
  CHECK(mapping.class_of("item/food", "apple") == "food");
  CHECK(mapping.class_of("item/food", "bone1").empty());
  CHECK(mapping.class_of("item/food/old", "apple").empty());
  CHECK(mapping.class_of("item", "food").empty());
  CHECK(mapping.class_of("gui/spells", "x") == "spell");
  CHECK(mapping.class_of("gui/spells/fire/deep", "x") == "spell");
  CHECK(mapping.class_of("gui/spellsong", "x").empty());
  CHECK(mapping.class_of("item/weapon", "long_sword2") == "sword");
  CHECK(mapping.class_of("item/weapon", "demon_blade") == "sword");
  CHECK(mapping.class_of("item/weapon", "axe").empty());
}

TEST_CASE("a line that names no folder is refused by its number") {
  try {
    TileMapping("food item/food\nsword\n", "tiles.txt");
    FAIL("no error");
  } catch (const Failure& failure) {
    CHECK(failure.error().message.find("line 2") != std::string::npos);
    CHECK(failure.error().message.find("tiles.txt") != std::string::npos);
  }
}

TEST_CASE("the Dungeon Crawl tiles: files of old and new versions find their class, and parts of figures none") {
  const TileMapping mapping(read_text(source_folder() / "resources/datasets/dungeon32.txt"), "dungeon32.txt");
  // Folder, name, class; names as they are in the versions 0.28 and 0.34.
  const char* const known[][3] = {{"dngn/altars", "ashenzari", "altar"},
                                  {"dngn/decor", "anything", "altar"},
                                  {"dngn/vaults", "fountain_xom", "altar"},
                                  {"item/weapon", "battle_axe1", "axe"},
                                  {"item/weapon", "demon_trident", "polearm"},
                                  {"item/weapon", "triple_sword2", "sword"},
                                  {"item/weapon", "staff_mummy", "staff_wand"},
                                  {"item/weapon", "morningstar1", "mace"},
                                  {"item/potion", "ruby", "potion"},
                                  {"item/armour", "cloak2", "apparel"},
                                  {"item/armour", "plate2", "body_armour"},
                                  {"item/food", "cheese", "food"},
                                  {"item/gem", "gem_swamp", "treasure"},
                                  {"item/misc", "orb_of_zot1", "treasure"},
                                  {"item/misc", "misc_box", "trinket"},
                                  {"mon/dragons", "golden_dragon", "dragon"},
                                  {"mon/unique", "tiamat_black", "dragon"},
                                  {"mon/unique", "menkaure", "undead"},
                                  {"mon/unique", "sigmund", "humanoid"},
                                  {"mon/undead/draugr", "draugr_ogre", "undead"},
                                  {"mon/undead/skeletons", "skeleton_bat", "undead"},
                                  {"mon/nonliving", "fire_elemental", "construct"},
                                  {"mon/nonliving", "orb_of_destruction1", "effect"},
                                  {"gui/spells/monster/shadow", "x", "spell_icon"},
                                  {"gui/spells/transmutation", "x", "spell_icon"},
                                  {"UNUSED/weapons", "longsword4", "sword"},
                                  {"UNUSED/monsters", "queen_ant", "beast"},
                                  {"player/felids", "cat_1", "beast"},
                                  {"dngn/trees", "mangrove1", "tree"}};
  for (const auto& [folder, name, class_name] : known)
    CHECK_MESSAGE(mapping.class_of(folder, name) == class_name, folder << "/" << name);
  const char* const unknown[][2] = {{"item/potion", "i-haste"},     {"item/scroll", "i-fog"},      {"item/food", "bone1"},
                                    {"dngn/floor", "grey_dirt0"},   {"dngn/wall", "brick_brown0"}, {"player/hair", "short_black"},
                                    {"player/hand1", "axe"},        {"misc/blood", "blood_red0"},  {"mon/statues", "overlay_axe"},
                                    {"mon/draco", "draco-job-monk"}};
  for (const auto& [folder, name] : unknown) CHECK_MESSAGE(mapping.class_of(folder, name).empty(), folder << "/" << name);
}
