#include "app/state/concerns.h"

#include <doctest/doctest.h>

namespace kiln {
namespace {

Finding finding(const std::string& id, std::vector<Remedies> fixes = {}, const std::string& about = {}) {
  return {{id, about}, id + " message", "do it", std::move(fixes), {}};
}

using Names = std::vector<std::string>;
using Renames = std::vector<std::pair<std::string, std::string>>;

const Remedies kPad{.pad = {24, 16}}, kCrop{.crop = true};

TEST_CASE("A finding that was mended stays at its place, so that the fix can be taken back; others that are gone go") {
  Remedies remedies;
  auto concerns =
      follow({}, {finding("left_out", {}, "bad.png"), finding("sizes", {kPad, kCrop}), finding("few_sprites")}, remedies);
  REQUIRE(concerns.size() == 3);
  apply(kPad, remedies);
  concerns = follow(concerns, {finding("left_out", {}, "bad.png"), finding("background")}, remedies);
  REQUIRE(concerns.size() == 3);
  CHECK(concerns[0].finding.key.id == "left_out");
  CHECK(concerns[1].finding.key.id == "sizes");
  CHECK(concerns[1].mended);
  CHECK(concerns[2].finding.key.id == "background");
  take_back(concerns[1].finding.fixes.front(), remedies);
  CHECK(remedies == Remedies{});
  concerns = follow(concerns, {finding("sizes", {kPad, kCrop})}, remedies);
  REQUIRE(concerns.size() == 1);
  CHECK(!concerns[0].mended);
}

TEST_CASE("A finding that a fix has not mended shows what helps now") {
  const auto concerns = follow({}, {finding("sizes", {kPad, kCrop})}, {});
  const Remedies smaller{.pad = {12, 12}};
  const auto now = follow(concerns, {finding("sizes", {smaller, kCrop})}, kCrop);
  REQUIRE(now.size() == 1);
  CHECK(!now[0].mended);
  CHECK(now[0].finding.fixes.front() == smaller);
}

TEST_CASE("Two bad files are two concerns") {
  const auto concerns = follow({}, {finding("left_out", {}, "a.png"), finding("left_out", {}, "b.png")}, {});
  const auto now = follow(concerns, {finding("left_out", {}, "b.png")}, {});
  REQUIRE(now.size() == 1);
  CHECK(now[0].finding.key.about == "b.png");
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
