#include "app/state/issues.h"

#include <doctest/doctest.h>

namespace kiln {
namespace {

Finding finding(const std::string& id, const std::string& flag = {}, std::vector<std::string> files = {}) {
  return {id, id + " message", "do it", flag, std::move(files)};
}

std::vector<std::string> ids(const std::vector<FixTick>& ticks) {
  std::vector<std::string> all;
  for (const auto& tick : ticks) all.push_back(tick.id);
  return all;
}

using Names = std::vector<std::string>;
using Renames = std::vector<std::pair<std::string, std::string>>;

TEST_CASE("Each finding that a fix helps has its box, and the others have none") {
  CHECK(ids(ticks_for(finding("background"))) == Names{"background"});
  CHECK(ids(ticks_for(finding("upscaled"))) == Names{"downscale"});
  CHECK(ids(ticks_for(finding("duplicates"))) == Names{"duplicates"});
  CHECK(ids(ticks_for(finding("sizes", "--pad 24x16"))) == Names{"crop", "pad"});
  CHECK(ids(ticks_for(finding("alike_classes", "--merge Potion=potion"))) == Names{"merge.Potion"});
  CHECK(ticks_for(finding("left_out", "", {"boots.png"})).empty());
  CHECK(ticks_for(finding("few_sprites")).empty());
}

TEST_CASE("A tick sets what it says and takes it back") {
  Preprocessing preprocessing;
  const Finding sizes = finding("sizes", "--pad 24x16");
  const FixTick pad = ticks_for(sizes)[1];
  set(preprocessing, pad, sizes, true);
  CHECK(preprocessing.pad_width == 24);
  CHECK(preprocessing.pad_height == 16);
  CHECK(is_set(preprocessing, pad, sizes));
  set(preprocessing, pad, sizes, false);
  CHECK(preprocessing.pad_width == 0);
  CHECK(!is_set(preprocessing, pad, sizes));

  const Finding alike = finding("alike_classes", "--merge Potion=potion");
  const FixTick merge = ticks_for(alike)[0];
  set(preprocessing, merge, alike, true);
  CHECK(preprocessing.renames == Renames{{"Potion", "potion"}});
  CHECK(is_set(preprocessing, merge, alike));
  set(preprocessing, merge, alike, false);
  CHECK(preprocessing.renames.empty());

  const Finding colours = finding("colours", "--palette auto:32");
  set(preprocessing, ticks_for(colours)[0], colours, true);
  CHECK(preprocessing.palette == "auto:32");
}

TEST_CASE("Near copies go with equal ones, as they are looked for among different pictures") {
  Preprocessing preprocessing;
  const Finding near = finding("near_duplicates"), equal = finding("duplicates");
  set(preprocessing, ticks_for(near)[0], near, true);
  CHECK(preprocessing.drop_duplicates);
  set(preprocessing, ticks_for(equal)[0], equal, false);
  CHECK(!preprocessing.drop_near_duplicates);
}

TEST_CASE("A finding that was fixed stays with its tick, at its place; others that are gone go") {
  Preprocessing preprocessing;
  auto issues =
      follow({}, {finding("left_out", "", {"bad.png"}), finding("sizes", "--pad 24x16"), finding("few_sprites")}, preprocessing);
  REQUIRE(issues.size() == 3);
  preprocessing.pad_width = 24;
  preprocessing.pad_height = 16;
  issues = follow(issues, {finding("left_out", "", {"bad.png"}), finding("background")}, preprocessing);
  REQUIRE(issues.size() == 3);
  CHECK(issues[0].finding.id == "left_out");
  CHECK(issues[1].finding.id == "sizes");
  CHECK(issues[1].fixed);
  CHECK(is_set(preprocessing, issues[1].ticks[1], issues[1].finding));
  CHECK(issues[2].finding.id == "background");
  issues = follow(issues, {finding("sizes", "--pad 24x16")}, {});
  REQUIRE(issues.size() == 1);
  CHECK(!issues[0].fixed);
}

TEST_CASE("Two bad files are two issues") {
  const auto issues = follow({}, {finding("left_out", "", {"a.png"}), finding("left_out", "", {"b.png"})}, {});
  CHECK(follow(issues, {finding("left_out", "", {"b.png"})}, {}).front().finding.files == Names{"b.png"});
}

TEST_CASE("Renaming follows earlier names, merges, and leaves out all that came together") {
  Preprocessing preprocessing;
  const std::vector<ClassCount> classes = {{"Potion", 1}, {"potion", 2}, {"sword", 3}};
  rename_class(preprocessing, "Potion", "potion", classes);
  CHECK(preprocessing.renames == Renames{{"Potion", "potion"}});
  rename_class(preprocessing, "potion", "flask", classes);  // the merged class, and the one that had the name from the start
  CHECK(class_after(preprocessing, "Potion") == "flask");
  CHECK(class_after(preprocessing, "potion") == "flask");
  CHECK(class_after(preprocessing, "sword") == "sword");
  rename_class(preprocessing, "flask", "", classes);
  CHECK(class_after(preprocessing, "Potion").empty());
  CHECK(class_after(preprocessing, "potion").empty());
}

TEST_CASE("A name given back is no renaming") {
  Preprocessing preprocessing;
  rename_class(preprocessing, "sword", "blade", {{"sword", 3}});
  rename_class(preprocessing, "blade", "sword", {{"sword", 3}});
  CHECK(preprocessing.renames.empty());
}

TEST_CASE("Flips follow a renamed class; one class less of all is all the others") {
  Preprocessing preprocessing;
  set_flip(preprocessing, "bat", true, {});
  CHECK(may_flip(preprocessing, "bat"));
  rename_class(preprocessing, "bat", "beast", {{"bat", 3}});
  CHECK(may_flip(preprocessing, "beast"));
  CHECK(!may_flip(preprocessing, "bat"));
  preprocessing.flip_classes = {"*"};
  set_flip(preprocessing, "sword", false, {{"bat", 3}, {"sword", 4}});
  CHECK(preprocessing.flip_classes == Names{"bat"});
}

}  // namespace
}  // namespace kiln
