#include "app/state/concerns.h"

#include <doctest/doctest.h>

namespace kiln {
namespace {

Finding finding(const std::string& id, const std::string& flag = {}, std::vector<std::string> files = {}) {
  return {id, id + " message", "do it", flag, std::move(files)};
}

std::vector<std::string> ids(const std::vector<RemedyTick>& ticks) {
  std::vector<std::string> all;
  for (const auto& tick : ticks) all.push_back(tick.id);
  return all;
}

using Names = std::vector<std::string>;
using Renames = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("Each finding that a remedy helps has its tick, and the others have none") {
  CHECK(ids(ticks_for(finding("background"))) == Names{"background"});
  CHECK(ids(ticks_for(finding("upscaled"))) == Names{"downscale"});
  CHECK(ids(ticks_for(finding("duplicates"))) == Names{"duplicates"});
  CHECK(ids(ticks_for(finding("sizes", "--pad 24x16"))) == Names{"crop", "pad"});
  CHECK(ids(ticks_for(finding("alike_classes", "--merge Potion=potion"))) == Names{"merge.Potion"});
  CHECK(ticks_for(finding("left_out", "", {"boots.png"})).empty());
  CHECK(ticks_for(finding("few_sprites")).empty());
}

TEST_CASE("A tick sets what it says and takes it back") {
  Remedies remedies;
  const Finding sizes = finding("sizes", "--pad 24x16");
  const RemedyTick pad = ticks_for(sizes)[1];
  set(remedies, pad, sizes, true);
  CHECK(remedies.pad_width == 24);
  CHECK(remedies.pad_height == 16);
  CHECK(is_set(remedies, pad, sizes));
  set(remedies, pad, sizes, false);
  CHECK(remedies.pad_width == 0);
  CHECK(!is_set(remedies, pad, sizes));

  const Finding alike = finding("alike_classes", "--merge Potion=potion");
  const RemedyTick merge = ticks_for(alike)[0];
  set(remedies, merge, alike, true);
  CHECK(remedies.renames == Renames{{"Potion", "potion"}});
  CHECK(is_set(remedies, merge, alike));
  set(remedies, merge, alike, false);
  CHECK(remedies.renames.empty());

  const Finding colours = finding("colours", "--palette auto:32");
  set(remedies, ticks_for(colours)[0], colours, true);
  CHECK(remedies.palette == "auto:32");
}

TEST_CASE("Near copies go with equal ones, as they are looked for among different pictures") {
  Remedies remedies;
  const Finding near = finding("near_duplicates"), equal = finding("duplicates");
  set(remedies, ticks_for(near)[0], near, true);
  CHECK(remedies.drop_duplicates);
  set(remedies, ticks_for(equal)[0], equal, false);
  CHECK(!remedies.drop_near_duplicates);
}

TEST_CASE("A finding that was mended stays with its tick, at its place; others that are gone go") {
  Remedies remedies;
  auto concerns =
      follow({}, {finding("left_out", "", {"bad.png"}), finding("sizes", "--pad 24x16"), finding("few_sprites")}, remedies);
  REQUIRE(concerns.size() == 3);
  remedies.pad_width = 24;
  remedies.pad_height = 16;
  concerns = follow(concerns, {finding("left_out", "", {"bad.png"}), finding("background")}, remedies);
  REQUIRE(concerns.size() == 3);
  CHECK(concerns[0].finding.id == "left_out");
  CHECK(concerns[1].finding.id == "sizes");
  CHECK(concerns[1].mended);
  CHECK(is_set(remedies, concerns[1].ticks[1], concerns[1].finding));
  CHECK(concerns[2].finding.id == "background");
  concerns = follow(concerns, {finding("sizes", "--pad 24x16")}, {});
  REQUIRE(concerns.size() == 1);
  CHECK(!concerns[0].mended);
}

TEST_CASE("Two bad files are two concerns") {
  const auto concerns = follow({}, {finding("left_out", "", {"a.png"}), finding("left_out", "", {"b.png"})}, {});
  CHECK(follow(concerns, {finding("left_out", "", {"b.png"})}, {}).front().finding.files == Names{"b.png"});
}

TEST_CASE("Renaming follows earlier names, merges, and leaves out all that came together") {
  Remedies remedies;
  const std::vector<ClassCount> classes = {{"Potion", 1}, {"potion", 2}, {"sword", 3}};
  rename_class(remedies, "Potion", "potion", classes);
  CHECK(remedies.renames == Renames{{"Potion", "potion"}});
  rename_class(remedies, "potion", "flask", classes);  // the merged class, and the one that had the name from the start
  CHECK(class_after(remedies, "Potion") == "flask");
  CHECK(class_after(remedies, "potion") == "flask");
  CHECK(class_after(remedies, "sword") == "sword");
  rename_class(remedies, "flask", "", classes);
  CHECK(class_after(remedies, "Potion").empty());
  CHECK(class_after(remedies, "potion").empty());
}

TEST_CASE("A name given back is no renaming") {
  Remedies remedies;
  rename_class(remedies, "sword", "blade", {{"sword", 3}});
  rename_class(remedies, "blade", "sword", {{"sword", 3}});
  CHECK(remedies.renames.empty());
}

TEST_CASE("Flips follow a renamed class; one class less of all is all the others") {
  Remedies remedies;
  set_flip(remedies, "bat", true, {});
  CHECK(may_flip(remedies, "bat"));
  rename_class(remedies, "bat", "beast", {{"bat", 3}});
  CHECK(may_flip(remedies, "beast"));
  CHECK(!may_flip(remedies, "bat"));
  remedies.flip_classes = {"*"};
  set_flip(remedies, "sword", false, {{"bat", 3}, {"sword", 4}});
  CHECK(remedies.flip_classes == Names{"bat"});
}

}  // namespace
}  // namespace kiln
