#include "app/state/issues.h"

#include <doctest/doctest.h>

namespace kiln {
namespace {

Finding finding(const std::string& id, std::vector<Preprocessing> fixes = {}, const std::string& about = {}) {
  return {{id, about}, id + " message", "do it", std::move(fixes), {}};
}

using Names = std::vector<std::string>;
using Renames = std::vector<std::pair<std::string, std::string>>;

const Preprocessing kPad{.pad = {24, 16}}, kCrop{.crop = true};

TEST_CASE("A finding that was fixed stays at its place, so that the fix can be taken back; others that are gone go") {
  Preprocessing preprocessing;
  auto issues =
      follow({}, {finding("left_out", {}, "bad.png"), finding("sizes", {kPad, kCrop}), finding("few_sprites")}, preprocessing);
  REQUIRE(issues.size() == 3);
  apply(kPad, preprocessing);
  issues = follow(issues, {finding("left_out", {}, "bad.png"), finding("background")}, preprocessing);
  REQUIRE(issues.size() == 3);
  CHECK(issues[0].finding.key.id == "left_out");
  CHECK(issues[1].finding.key.id == "sizes");
  CHECK(issues[1].fixed);
  CHECK(issues[2].finding.key.id == "background");
  take_back(issues[1].finding.fixes.front(), preprocessing);
  CHECK(preprocessing == Preprocessing{});
  issues = follow(issues, {finding("sizes", {kPad, kCrop})}, preprocessing);
  REQUIRE(issues.size() == 1);
  CHECK(!issues[0].fixed);
}

TEST_CASE("A finding that a fix has not fixed shows what helps now") {
  const auto issues = follow({}, {finding("sizes", {kPad, kCrop})}, {});
  const Preprocessing smaller{.pad = {12, 12}};
  const auto now = follow(issues, {finding("sizes", {smaller, kCrop})}, kCrop);
  REQUIRE(now.size() == 1);
  CHECK(!now[0].fixed);
  CHECK(now[0].finding.fixes.front() == smaller);
}

TEST_CASE("Two bad files are two issues") {
  const auto issues = follow({}, {finding("left_out", {}, "a.png"), finding("left_out", {}, "b.png")}, {});
  const auto now = follow(issues, {finding("left_out", {}, "b.png")}, {});
  REQUIRE(now.size() == 1);
  CHECK(now[0].finding.key.about == "b.png");
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
