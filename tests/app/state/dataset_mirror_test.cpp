#include "app/state/dataset_mirror.h"

#include <doctest/doctest.h>

#include <variant>

#include "app/state/mirror.h"

namespace kiln {
namespace {

SpriteSource folder(const std::string& path) {
  SpriteSource source;
  source.path = path;
  return source;
}

DatasetReport report_of(int sprites, int sizes = 1) {
  DatasetReport report;
  report.sprites = sprites;
  report.classes = {{"potion", sprites}};
  for (int i = 0; i < sizes; ++i) report.sizes.push_back({16 + i, 16, sprites, 1, ""});
  return report;
}

// What was sent since the last look, which must be one command of this kind.
template <class T>
T only(Mirror& mirror) {
  const auto commands = mirror.take_commands();
  REQUIRE(commands.size() == 1);
  REQUIRE(std::holds_alternative<T>(commands[0]));
  return std::get<T>(commands[0]);
}

void finish(Mirror& mirror, JobId job, Outcome outcome = Outcome::kDone) {
  mirror.apply(Event{JobEnded{job, outcome, {ErrorCode::kNotFound, "it failed", "fix it", ""}}});
}

// A set of `sprites` sprites is open.
void open_set(Mirror& mirror, DatasetReport report) {
  mirror.dataset.open(folder("/sprites"));
  const JobId job = only<CheckDataset>(mirror).job;
  mirror.apply(Event{DatasetChecked{job, std::move(report), {}}});
  finish(mirror, job);
}

TEST_CASE("An opened set is there with its report once it was read, and not before") {
  Mirror mirror;
  mirror.dataset.open(folder("/sprites"));
  const CheckDataset check = only<CheckDataset>(mirror);
  CHECK(check.source.path == "/sprites");
  CHECK(mirror.dataset.report() == nullptr);
  CHECK(!mirror.dataset.ready());
  mirror.apply(Progress{check.job, 30, 100, 0, 2});
  CHECK(mirror.dataset.job().step == 30);
  mirror.apply(Event{DatasetChecked{check.job, report_of(40), {}}});
  CHECK(mirror.dataset.busy());
  finish(mirror, check.job);
  REQUIRE(mirror.dataset.report() != nullptr);
  CHECK(mirror.dataset.source().path == "/sprites");
  CHECK(mirror.dataset.ready());
}

TEST_CASE("A set that cannot be read leaves the open one as it was, and says why") {
  Mirror mirror;
  open_set(mirror, report_of(40));
  mirror.dataset.open(folder("/nowhere"));
  finish(mirror, only<CheckDataset>(mirror).job, Outcome::kFailed);
  CHECK(mirror.dataset.source().path == "/sprites");
  CHECK(mirror.dataset.ready());
  REQUIRE(mirror.notices.shown().size() == 1);
  CHECK(mirror.notices.shown()[0].message == "it failed");
}

TEST_CASE("Another click while a set is read: the first job is cancelled, and what it still sends is not taken") {
  Mirror mirror;
  mirror.dataset.open(folder("/first"));
  const JobId first = only<CheckDataset>(mirror).job;
  mirror.dataset.open(folder("/second"));
  const auto commands = mirror.take_commands();
  REQUIRE(commands.size() == 2);
  CHECK(std::get<CancelJob>(commands[0]).target == first);
  const JobId second = std::get<CheckDataset>(commands[1]).job;
  mirror.apply(Event{DatasetChecked{first, report_of(3), {}}});
  finish(mirror, first, Outcome::kCancelled);
  CHECK(mirror.dataset.report() == nullptr);
  CHECK(mirror.dataset.busy());
  mirror.apply(Event{DatasetChecked{second, report_of(40), {}}});
  finish(mirror, second);
  CHECK(mirror.dataset.source().path == "/second");
}

TEST_CASE("Sprites of several sizes, or too few, are not ready, and it is said why") {
  Mirror mirror;
  CHECK(!mirror.dataset.why_not_ready().empty());
  open_set(mirror, report_of(40, 2));
  CHECK(!mirror.dataset.ready());
  open_set(mirror, report_of(1));
  CHECK(!mirror.dataset.ready());
  open_set(mirror, report_of(2));
  CHECK(mirror.dataset.why_not_ready().empty());
}

TEST_CASE("Fixes are asked for with the set that is open, and are those of the report once it is there") {
  Mirror mirror;
  Preprocessing preprocessing;
  preprocessing.crop = true;
  mirror.dataset.set_preprocessing(preprocessing);
  CHECK(mirror.take_commands().empty());  // there is no set
  open_set(mirror, report_of(40));
  mirror.dataset.set_preprocessing(preprocessing);
  const CheckDataset check = only<CheckDataset>(mirror);
  CHECK(check.source.path == "/sprites");
  CHECK(check.preprocessing.crop);
  CHECK(!mirror.dataset.preprocessing().crop);
  const auto version = mirror.dataset.version();
  mirror.apply(Event{DatasetChecked{check.job, report_of(39), {}}});
  finish(mirror, check.job);
  CHECK(mirror.dataset.preprocessing().crop);
  CHECK(mirror.dataset.version() != version);
  mirror.dataset.open(folder("/other"));
  CHECK(only<CheckDataset>(mirror).preprocessing.crop == false);  // another set begins without
}

TEST_CASE("A set that was drawn opens by itself; one that was cancelled does not") {
  Mirror mirror;
  mirror.dataset.draw_starter("/home/starter", 16, 100, 7, false);
  const DrawStarterSet draw = only<DrawStarterSet>(mirror);
  CHECK(draw.out == "/home/starter");
  CHECK(draw.seed == 7);
  mirror.apply(Event{DatasetWritten{draw.job, "/home/starter", {}, {}, {}}});
  finish(mirror, draw.job);
  CHECK(only<CheckDataset>(mirror).source.path == "/home/starter");

  mirror.dataset.fetch_dungeon("/home/dungeon32");
  auto commands = mirror.take_commands();
  const JobId fetch = std::get<FetchDungeonSet>(commands.back()).job;
  mirror.dataset.cancel();
  CHECK(only<CancelJob>(mirror).target == fetch);
  finish(mirror, fetch, Outcome::kCancelled);
  CHECK(mirror.take_commands().empty());
  CHECK(!mirror.dataset.busy());
}

TEST_CASE("What a long job is at is no notice") {
  Mirror mirror;
  mirror.dataset.fetch_dungeon("/home/dungeon32");
  const JobId job = only<FetchDungeonSet>(mirror).job;
  mirror.apply(Event{Note{job, "fetching the archive's lists", ""}});
  CHECK(mirror.dataset.doing() == "fetching the archive's lists");
  CHECK(mirror.notices.shown().empty());
}

TEST_CASE("Saving tells where; without a set there is nothing to save") {
  Mirror mirror;
  mirror.dataset.save_as("/out");
  CHECK(mirror.take_commands().empty());
  open_set(mirror, report_of(40));
  mirror.dataset.save_as("/out");
  const ConvertDataset convert = only<ConvertDataset>(mirror);
  CHECK(convert.source.path == "/sprites");
  CHECK(convert.out == "/out");
  mirror.apply(Event{DatasetWritten{convert.job, "/out", {}, {}, {}}});
  finish(mirror, convert.job);
  REQUIRE(mirror.notices.shown().size() == 1);
  CHECK(mirror.notices.shown()[0].kind == NoticeKind::kDone);
  CHECK(mirror.dataset.source().path == "/sprites");
}

TEST_CASE("A grid that does not fit is told beside the sheet, not as a notice; the newest sheet counts") {
  Mirror mirror;
  SpriteSource sheet = folder("/sheet.png");
  sheet.grid = CellGrid{};
  mirror.dataset.show_sheet(sheet);
  const JobId first = only<ShowSheet>(mirror).job;
  mirror.dataset.show_sheet(sheet);
  const auto commands = mirror.take_commands();
  REQUIRE(commands.size() == 2);
  const JobId second = std::get<ShowSheet>(commands[1]).job;
  mirror.apply(Event{SheetShown{first, "old.png", 16, 16, {}, {}}});
  CHECK(!mirror.dataset.sheet());
  finish(mirror, second, Outcome::kFailed);
  CHECK(mirror.notices.shown().empty());
  REQUIRE(mirror.dataset.sheet_error());
  mirror.dataset.show_sheet(sheet);
  CHECK(!mirror.dataset.sheet_error());
}

TEST_CASE("Sprites as trained come for the class that was asked for last") {
  Mirror mirror;
  open_set(mirror, report_of(40));
  mirror.dataset.preview({}, "potion", 1);
  const JobId first = only<PreviewDataset>(mirror).job;
  mirror.dataset.preview({}, "", 2);
  const PreviewDataset second = std::get<PreviewDataset>(mirror.take_commands().back());
  CHECK(second.class_name.empty());
  mirror.apply(Event{DatasetPreviewed{first, {{"", "potion", Image(2, 2)}}}});
  CHECK(mirror.dataset.previewed().empty());
  mirror.apply(Event{DatasetPreviewed{second.job, {{"", "potion", Image(2, 2)}}}});
  CHECK(mirror.dataset.previewed().size() == 1);
}

TEST_CASE("A preview is asked for with the recipe as it is, and again only for another one, another class or another set") {
  Mirror mirror;
  open_set(mirror, report_of(40));
  const ParamMap still = {{"shift", std::int64_t{0}}, {"channels", std::string("rgb")}};
  mirror.dataset.preview(still, "", 1);
  CHECK(only<PreviewDataset>(mirror).recipe == still);
  mirror.dataset.preview(still, "", 1);
  CHECK(mirror.take_commands().empty());
  const ParamMap moved = {{"shift", std::int64_t{2}}, {"channels", std::string("rgb")}};
  mirror.dataset.preview(moved, "", 1);
  auto commands = mirror.take_commands();
  REQUIRE(commands.size() == 2);  // the one before is given up
  CHECK(std::get<PreviewDataset>(commands[1]).recipe == moved);
  mirror.dataset.open(folder("/sprites"));
  const JobId job = only<CheckDataset>(mirror).job;
  mirror.apply(Event{DatasetChecked{job, report_of(41), {}}});
  finish(mirror, job);
  mirror.dataset.preview(moved, "", 1);
  commands = mirror.take_commands();
  CHECK(std::holds_alternative<PreviewDataset>(commands.back()));
}

TEST_CASE("A set that was asked for while the engine started waits for it, and no longer once it cannot be started") {
  Mirror mirror;
  mirror.dataset.open(folder("/sprites"));
  CHECK(mirror.dataset.busy());
  mirror.engine_failed({ErrorCode::kNotFound, "the engine is missing", "install it", ""});
  CHECK(!mirror.dataset.busy());
}

}  // namespace
}  // namespace kiln
