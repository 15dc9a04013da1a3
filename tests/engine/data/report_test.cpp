#include "engine/data/report.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/engine/data/folders.h"

using namespace kiln;
using namespace kiln::test;

namespace {

const Finding* finding(const DatasetReport& report, const std::string& id) {
  const auto found = std::find_if(report.findings.begin(), report.findings.end(), [&](const Finding& f) { return f.key.id == id; });
  return found == report.findings.end() ? nullptr : &*found;
}

// A drawing that is no copy of the others, 8×8, of as many colours as rows.
Image unlike(int n) {
  Image image(8, 8);
  for (int i = 0; i < 64; ++i) {
    const unsigned hash = static_cast<unsigned>(i * 2654435761U + static_cast<unsigned>(n) * 40503U) * 2246822519U;
    if (hash >> 31 != 0) continue;
    auto* p = image.pixel(i % 8, i / 8);
    p[0] = static_cast<std::uint8_t>(i / 8 * 30), p[1] = static_cast<std::uint8_t>(hash >> 29 << 6), p[3] = 255;
  }
  return image;
}

}  // namespace

TEST_CASE("a sound set has nothing to fix, and is counted") {
  std::vector<std::pair<std::string, Image>> sprites;
  for (int i = 0; i < 40; ++i) sprites.emplace_back(i < 20 ? "cat" : "dog", unlike(i));
  const auto report = report_on(collection_of(sprites));
  for (const auto& f : report.findings) CHECK_MESSAGE(f.key.id == "near_duplicates", f.message);
  CHECK(report.sprites == 40);
  REQUIRE(report.classes.size() == 2);
  CHECK(report.classes[1].name == "dog");
  CHECK(report.classes[1].count == 20);
  REQUIRE(report.sizes.size() == 1);
  CHECK(report.sizes[0].width == 8);
  CHECK(report.sizes[0].grid == 1);
  CHECK(report.alpha_hard == 40);
  REQUIRE(report.palette);
  CHECK(static_cast<int>(report.palette->colours.size()) == report.colours);
}

TEST_CASE("colours are counted per sprite and over all") {
  const auto report =
      report_on(collection_of({{"a", picture({"12", "34"})}, {"a", picture({"11", "15"})}, {"a", picture({"6.", ".."})}}));
  CHECK(report.fewest_colours == 1);
  CHECK(report.median_colours == 2);
  CHECK(report.most_colours == 4);
  CHECK(report.colours == 6);
  CHECK(report.alpha_none == 2);
}

TEST_CASE("magenta that stands for transparency is found, with the fix for it; a little of it is a colour") {
  Image keyed = unlike(1), pink = unlike(2);
  for (int i = 0; i < 64; ++i) {
    auto* p = keyed.pixel(i % 8, i / 8);
    if (p[3] == 0) p[0] = p[2] = p[3] = 255;
  }
  auto* p = pink.pixel(0, 0);
  p[0] = p[2] = p[3] = 255, p[1] = 0;
  auto set = collection_of({{"a", keyed}, {"a", pink}});
  const auto report = report_on(set);
  const Finding* found = finding(report, "key_colour");
  REQUIRE(found);
  CHECK(found->files == std::vector<std::string>{set.sprites[0].file});
  REQUIRE(found->fixes.size() == 1);
  PreprocessingWork work(set, found->fixes.front());
  while (work.step()) {
  }
  CHECK(set.sprites[0].image == unlike(1));
  CHECK_FALSE(finding(report_on(set), "key_colour"));
}

TEST_CASE("every flaw of a set is found, named, and has a fix that works") {
  const Image hero = picture({"1.2.", "3.4.", "5...", "1234"});
  const Image mirror = picture({".2.1", ".4.3", "...5", "4321"});
  auto set = collection_of({{"hero", hero},
                            {"Hero", hero},
                            {"hero", mirror},
                            {"hero", picture({"0000", "0120", "0210", "0000"})},
                            {"hero", picture({"s12.", "....", "....", "3..."})},
                            {"hero", picture({"....", "....", "....", "...."})},
                            {"hero", picture({"1122..", "1122..", "......", "......", "33....", "33...."})}});
  set.left_out.push_back({"hero/cut.png", {ErrorCode::kCorrupt, "“cut.png” is cut off", "save it again", {}}});
  set.passed_over = {"hero/notes.txt"};
  const auto report = report_on(set);
  for (const char* id : {"left_out", "passed_over", "empty", "upscaled", "sizes", "background", "soft_alpha", "two_classes",
                         "duplicates", "near_duplicates", "alike_classes", "few_sprites"}) {
    CAPTURE(id);
    const Finding* found = finding(report, id);
    REQUIRE(found != nullptr);
    CHECK(!found->message.empty());
    CHECK(!found->advice.empty());
  }
  CHECK(finding(report, "left_out")->message.find("hero/cut.png") != std::string::npos);
  CHECK(finding(report, "background")->files == std::vector<std::string>{"hero/3.png"});
  CHECK(finding(report, "soft_alpha")->files == std::vector<std::string>{"hero/4.png"});
  CHECK(finding(report, "upscaled")->files == std::vector<std::string>{"hero/6.png"});
  CHECK((finding(report, "sizes")->fixes.front() == Preprocessing{.pad = {6, 6}}));
  CHECK(report.equal == std::vector<std::vector<std::string>>{{"hero/0.png", "Hero/1.png"}});
  CHECK(report.near == std::vector<std::vector<std::string>>{{"hero/0.png", "hero/2.png"}});

  Preprocessing preprocessing;
  for (const Finding& found : report.findings) {
    if (!found.fixes.empty() && found.key.id != "sizes") apply(found.fixes.front(), preprocessing);
  }
  preprocessing.pad = {4, 4};  // of what is left once it is reduced
  fix(set, preprocessing);
  const auto fixed = report_on(set);
  for (const char* id : {"empty", "upscaled", "sizes", "background", "soft_alpha", "two_classes", "duplicates", "near_duplicates",
                         "alike_classes"}) {
    CAPTURE(id);
    CHECK(finding(fixed, id) == nullptr);
  }
}

TEST_CASE("parts of a split set are found: those that were merged, and those that are classes, with the merging as the fix") {
  auto merged = collection_of({{"elf", unlike(1)}, {"orc", unlike(2)}});
  CHECK_FALSE(finding(report_on(merged), "splits"));
  CHECK_FALSE(finding(report_on(merged), "classes_like_splits"));
  merged.splits = {"test", "train"};
  const auto report = report_on(merged);
  REQUIRE(finding(report, "splits"));
  CHECK(finding(report, "splits")->message.find("test, train") != std::string::npos);
  REQUIRE(finding(report, "splits")->fixes.size() == 1);
  CHECK((finding(report, "splits")->fixes.front() == Preprocessing{.hold_out = {"test"}}));
  merged.splits = {"fold1", "fold2"};  // nothing to put aside
  CHECK(finding(report_on(merged), "splits")->fixes.empty());
  merged.splits = {"test", "val"};  // nothing would be left to train on
  CHECK(finding(report_on(merged), "splits")->fixes.empty());

  auto set = collection_of({{"test", unlike(1)}, {"train", unlike(2)}, {"orc", unlike(3)}});
  const auto before = report_on(set);
  const Finding* found = finding(before, "classes_like_splits");
  REQUIRE(found);
  REQUIRE(found->fixes.size() == 2);
  CHECK((found->fixes[0] == Preprocessing{.renames = {{"test", "all"}, {"train", "all"}}}));
  CHECK((found->fixes[1] == Preprocessing{.hold_out = {"test"}, .renames = {{"test", "all"}, {"train", "all"}}}));
  auto as_split = set;
  fix(as_split, found->fixes[1]);
  CHECK(as_split.sprites[0].class_name == "all");
  CHECK(as_split.sprites[0].held_out);
  CHECK_FALSE(as_split.sprites[1].held_out);
  CHECK_FALSE(finding(report_on(as_split), "classes_like_splits"));
  fix(set, found->fixes.front());
  CHECK_FALSE(set.sprites[0].held_out);
  const auto fixed = report_on(set);
  CHECK(fixed.classes.size() == 2);
  CHECK_FALSE(finding(fixed, "classes_like_splits"));
}

TEST_CASE("a set without sprites has a report too") {
  const auto report = report_on({});
  CHECK(report.sprites == 0);
  CHECK(finding(report, "nothing") != nullptr);
}
