#include "engine/session/jobs/make_job.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <set>

#include "engine/base/file.h"
#include "engine/base/rect.h"
#include "engine/data/collected_set.h"
#include "engine/data/sprite_source.h"
#include "engine/formats/image_file.h"
#include "engine/session/pixels.h"
#include "engine/training/recipe.h"
#include "engine/training/recipe_batches.h"
#include "tests/engine/session/sprites_in.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using test::sprites_in;

namespace {

namespace fs = std::filesystem;

// A job run to its end, and everything it said.
struct Run {
  std::vector<Event> events;
  std::vector<Progress> progress;
  int steps = 0;

  template <class Command>
  explicit Run(Command command) {
    Outbox outbox{std::function<void()>()};
    ModelCache models;
    const auto job = make_job(std::move(command), JobContext{models, outbox, {}});
    for (bool more = true; more; ++steps) {
      more = job->step();
      for (const auto& p : outbox.progress.take_all()) progress.push_back(p);
    }
    events = outbox.events.take_all();
  }
  template <class T>
  const T& only() const {
    REQUIRE(events.size() == 1);
    REQUIRE(std::holds_alternative<T>(events[0]));
    return std::get<T>(events[0]);
  }
};

template <class Command>
Error error_of(Command command) {
  try {
    Run run(std::move(command));
  } catch (const Failure& failure) {
    CHECK(!failure.error().hint.empty());
    return failure.error();
  }
  FAIL("no error");
  return {};
}

Image dot(int value) {
  Image image(16, 16);
  for (int i = 4; i < 12; ++i) {
    auto* p = image.pixel(i, (i * 7 + value) % 16);
    p[0] = static_cast<std::uint8_t>(value * 20), p[1] = static_cast<std::uint8_t>(i * 16), p[3] = 255;
  }
  return image;
}

SpriteSource folder_source(const std::string& path) { return {path, {}, {}, {}}; }

}  // namespace

TEST_CASE("the starter set: every class, the same by seed, in small steps with progress") {
  const test::TemporaryFolder folder;
  const Run first(DrawStarterSet{{1}, folder / "a", 16, 20, 7});
  const auto& written = first.only<DatasetWritten>();
  CHECK(written.classes.size() >= 8);
  CHECK(first.steps > static_cast<int>(written.classes.size()));
  REQUIRE(!first.progress.empty());
  CHECK(first.progress.back().step == first.progress.back().total);
  Run second(DrawStarterSet{{2}, folder / "b", 16, 20, 7});
  Run other(DrawStarterSet{{3}, folder / "c", 16, 20, 8});
  const auto a = sprites_in(folder / "a");
  CHECK(a.size() == written.classes.size() * 20);
  CHECK((a == sprites_in(folder / "b")));
  CHECK((a != sprites_in(folder / "c")));
  CHECK(folder.names() == std::set<std::string>{"a", "b", "c"});

  const Run check(CheckDataset{{4}, folder_source(folder / "a"), {}});
  CHECK(check.only<DatasetChecked>().report.equal.empty());
  CHECK(check.only<DatasetChecked>().sprites.size() == a.size());

  error_of(DrawStarterSet{{5}, folder / "d", 17, 20, 0});
  error_of(DrawStarterSet{{6}, folder / "d", 16, 0, 0});
  CHECK(!fs::exists(folder / "d"));
}

TEST_CASE("a folder with bad files in it: each is named, and the rest is converted") {
  const test::TemporaryFolder folder;
  write_png(folder / "in/potion/red.png", dot(1));
  write_png(folder / "in/potion/deep/red.png", dot(2));
  write_png(folder / "in/sword/long.png", dot(3));
  const Bytes good = encode_png(dot(4));
  write_file(folder / "in/sword/cut.png", std::span(good).first(good.size() / 2));
  write_file(folder / "in/sword/empty.png", std::string_view(""));
  write_file(folder / "in/sword/words.png", std::string_view("this is no picture"));
  write_file(folder / "in/sword/readme.md", std::string_view("words"));
  write_file(folder / "in/sword/.hidden.png", std::string_view("words"));

  const Run check(CheckDataset{{1}, folder_source(folder / "in"), {}});
  const auto& report = check.only<DatasetChecked>().report;
  CHECK(report.sprites == 3);
  CHECK(report.left_out.size() == 3);
  CHECK(report.passed_over == std::vector<std::string>{"sword/readme.md"});

  Preprocessing preprocessing;
  preprocessing.renames = {{"sword", "blade"}};
  const Run convert(ConvertDataset{{2}, folder_source(folder / "in"), preprocessing, folder / "out"});
  CHECK(convert.only<DatasetWritten>().left_out.size() == 3);
  const auto out = sprites_in(folder / "out");
  REQUIRE(out.size() == 3);
  CHECK(out.at("potion/red.png") == dot(1));
  CHECK(out.at("potion/deep-red.png") == dot(2));
  CHECK(out.at("blade/long.png") == dot(3));
}

TEST_CASE("sprites of one name stay apart when classes are merged; odd names become file names") {
  const test::TemporaryFolder folder;
  write_png(folder / "in/axe/one.png", dot(1));
  write_png(folder / "in/axe/icon@2x.png", dot(2));
  write_png(folder / "in/bow/one.png", dot(3));
  Preprocessing preprocessing;
  preprocessing.renames = {{"axe", "../arms"}, {"bow", "../arms"}};
  Run convert(ConvertDataset{{1}, folder_source(folder / "in"), preprocessing, folder / "out"});
  const auto out = sprites_in(folder / "out");
  REQUIRE(out.size() == 3);
  CHECK(out.at("_._arms/one.png") == dot(1));
  CHECK(out.at("_._arms/one-2.png") == dot(3));
  CHECK(out.at("_._arms/icon@2x.png") == dot(2));
}

TEST_CASE("only an empty folder, or exactly what was written before, is written over") {
  const test::TemporaryFolder folder;
  fs::create_directories(folder / "out");
  write_png(folder / "in/a/one.png", dot(1));
  const ConvertDataset convert{{1}, folder_source(folder / "in"), {}, folder / "out"};
  Run first(convert);
  write_png(folder / "in/a/two.png", dot(2));
  Run again(convert);
  CHECK(sprites_in(folder / "out").size() == 2);

  write_png(folder / "out/a/mine.png", dot(3));
  CHECK(error_of(convert).message.find("mine.png") != std::string::npos);
  CHECK(sprites_in(folder / "out").size() == 3);
  fs::remove(folder / "out/a/mine.png");
  write_png(folder / "out/a/one.png", dot(4));  // retouched by hand
  CHECK(error_of(convert).message.find("one.png") != std::string::npos);
  CHECK(sprites_in(folder / "out").at("a/one.png") == dot(4));

  write_file(folder / "file", std::string_view("text"));
  error_of(ConvertDataset{{2}, folder_source(folder / "in"), {}, folder / "file"});
  error_of(ConvertDataset{{3}, folder_source(folder / "in"), {}, folder / "in/out"});
  error_of(ConvertDataset{{4}, folder_source(folder / "in"), {}, folder / "in"});
  error_of(ConvertDataset{{5}, folder_source(folder / "nowhere"), {}, folder / "new"});
  CHECK(folder.names() == std::set<std::string>{"in", "out", "file"});
}

TEST_CASE("a job that is dropped half-way leaves nothing behind") {
  const test::TemporaryFolder folder;
  Outbox outbox{std::function<void()>()};
  ModelCache models;
  {
    const auto job = make_job(DrawStarterSet{{1}, folder / "set", 16, 100, 0}, JobContext{models, outbox, {}});
    for (int i = 0; i < 5; ++i) REQUIRE(job->step());
    CHECK(!folder.names().empty());
    CHECK(job->cancel(CancelMode::kKeep) == Outcome::kCancelled);
  }
  CHECK(folder.names().empty());
  CHECK(outbox.events.take_all().empty());
}

TEST_CASE("a sheet is shown with the cells that hold something, and a grid that does not fit is refused") {
  const test::TemporaryFolder folder;
  Image sheet(40, 36);
  paste(sheet, dot(1), 2, 1);
  paste(sheet, dot(2), 20, 19);  // of 2×2 cells, two are empty
  write_png(folder / "sheet.png", sheet);
  SpriteSource source = folder_source(folder / "sheet.png");
  source.grid = CellGrid{16, 16, 2, 1, 2, 2};
  const Run run(ShowSheet{{1}, source});
  const auto& shown = run.only<SheetShown>();
  CHECK(shown.file == "sheet.png");
  CHECK(shown.sheet == sheet);
  REQUIRE(shown.cells.size() == 2);
  CHECK(shown.cells[0].x == 2);
  CHECK(shown.cells[0].y == 1);
  CHECK(shown.cells[1].x == 20);
  CHECK(shown.cells[1].y == 19);
  CHECK(shown.cells[1].width == 16);
  source.grid->cell_width = 64;
  error_of(ShowSheet{{2}, source});
  error_of(ShowSheet{{3}, folder_source(folder / "nowhere.png")});
}

TEST_CASE("only the files that are named are read") {
  const test::TemporaryFolder folder;
  for (const int i : {1, 2, 3}) write_png(folder / ("in/" + std::to_string(i) + ".png"), dot(i));
  SpriteSource source = folder_source(folder / "in");
  source.files = {"3.png", "1.png", "words.txt"};
  const Run check(CheckDataset{{1}, source, {}});
  const auto& checked = check.only<DatasetChecked>();
  REQUIRE(checked.sprites.size() == 2);
  CHECK(checked.sprites[0].image == dot(1));
  CHECK(checked.sprites[1].class_name == "in");
  CHECK(checked.report.passed_over == std::vector<std::string>{"words.txt"});
}

TEST_CASE("which classes may be mirrored is saved with a set, follows a renaming, and is there when it is read again") {
  const test::TemporaryFolder folder;
  write_png(folder / "in/bat/one.png", dot(1));
  write_png(folder / "in/sword/one.png", dot(2));
  Preprocessing preprocessing;
  preprocessing.flip_classes = {"beast"};
  preprocessing.renames = {{"bat", "beast"}};
  Run convert(ConvertDataset{{1}, folder_source(folder / "in"), preprocessing, folder / "out"});
  CHECK(fs::exists(folder / "out/spritekiln.json"));
  const Run check(CheckDataset{{2}, folder_source(folder / "out"), {}});
  const auto& report = check.only<DatasetChecked>().report;
  CHECK(report.flip_classes == std::vector<std::string>{"beast"});
  CHECK(report.passed_over.empty());

  Preprocessing again;
  again.renames = {{"beast", "animal"}};
  again.flip_classes = {"sword"};
  Run twice(ConvertDataset{{3}, folder_source(folder / "out"), again, folder / "out2"});
  const Run other(CheckDataset{{4}, folder_source(folder / "out2"), {}});
  CHECK(other.only<DatasetChecked>().report.flip_classes == std::vector<std::string>{"animal", "sword"});

  Run plain(ConvertDataset{{5}, folder_source(folder / "in"), {}, folder / "out3"});
  CHECK(!fs::exists(folder / "out3/spritekiln.json"));
  again.flip_classes = {"walrus"};
  error_of(CheckDataset{{6}, folder_source(folder / "out"), again});
  write_file(folder / "out/spritekiln.json", std::string_view("{ words"));
  error_of(CheckDataset{{7}, folder_source(folder / "out"), {}});
}

TEST_CASE("previews are sprites of the set, moved by a pixel at most, and mirrored only where their class may be") {
  const test::TemporaryFolder folder;
  Image left(8, 8), right(8, 8);  // an arrow of three pixels, and the same mirrored
  for (const auto& [x, y] : {std::pair(2, 3), std::pair(3, 3), std::pair(3, 4)}) left.pixel(x, y)[0] = left.pixel(x, y)[3] = 255;
  for (const auto& [x, y] : {std::pair(5, 3), std::pair(4, 3), std::pair(4, 4)}) right.pixel(x, y)[0] = right.pixel(x, y)[3] = 255;
  write_png(folder / "in/may/one.png", left);
  write_png(folder / "in/not/one.png", left);
  Preprocessing preprocessing;
  preprocessing.flip_classes = {"may"};
  const auto cropped_classes = [&](const std::string& class_name) {
    PreviewDataset preview{{1}, folder_source(folder / "in"), preprocessing, {}, class_name, 64, 5};
    const Run run(preview);
    const auto& sprites = run.only<DatasetPreviewed>().sprites;
    CHECK(sprites.size() == 64);
    std::set<std::pair<std::string, bool>> seen;
    for (const auto& sprite : sprites) {
      bool found = false;
      for (int dx = -1; dx <= 1; ++dx) {
        for (int dy = -1; dy <= 1; ++dy) {
          for (const Image* drawn : {&left, &right}) {
            Image moved(8, 8);
            paste(moved, *drawn, dx, dy);
            if (moved != sprite.image) continue;
            found = true;
            seen.emplace(sprite.class_name, drawn == &right);
          }
        }
      }
      CHECK(found);
    }
    return seen;
  };
  using Seen = std::set<std::pair<std::string, bool>>;
  CHECK(cropped_classes("") == Seen{{"may", false}, {"may", true}, {"not", false}});
  CHECK(cropped_classes("not") == Seen{{"not", false}});
  error_of(PreviewDataset{{2}, folder_source(folder / "in"), {}, {}, "walrus", 64, 5});
  error_of(PreviewDataset{{3}, folder_source(folder / "in"), {}, {{"shift", std::string("far")}}, "", 64, 5});
}

TEST_CASE("a preview is what a run with the same recipe draws: shift, mirroring, balance, channels") {
  const test::TemporaryFolder folder;
  Image arrow(8, 8);
  for (const auto& [x, y] : {std::pair(2, 3), std::pair(3, 3), std::pair(3, 4)}) arrow.pixel(x, y)[0] = arrow.pixel(x, y)[3] = 255;
  write_png(folder / "in/few/one.png", arrow);
  for (int i = 0; i < 9; ++i) {
    Image other = arrow;
    other.pixel(4, 4)[1] = static_cast<std::uint8_t>(25 * (i + 1));
    other.pixel(4, 4)[3] = 255;
    write_png(folder / ("in/many/" + std::to_string(i) + ".png"), other);
  }
  auto reader = open_sprite_source(folder_source(folder / "in"));
  while (reader->step()) {
  }
  const SpriteSet set = make_sprite_set(reader->take(), "the set");
  std::vector<int> all;
  for (std::size_t i = 0; i < set.sprites.size(); ++i) all.push_back(static_cast<int>(i));
  const ParamMap still = {{"shift", std::int64_t{0}}, {"channels", std::string("rgb")}, {"balance", 0.0}};
  const ParamMap lively = {{"shift", std::int64_t{3}}, {"flips", std::string("few, many")}, {"balance", 1.0}};
  for (const ParamMap& values : {still, lively}) {
    const Run run(PreviewDataset{{1}, folder_source(folder / "in"), {}, values, "", 64, 5});
    const auto& shown = run.only<DatasetPreviewed>().sprites;
    const ParamMap recipe = make_recipe("standard", values);
    const auto batch = recipe_batches(set_of_recipe(set, recipe), all, recipe, {}, 5).batch(0, 64);
    const std::vector<Image> drawn = sprites_of(to_frame(batch.x, AlphaFinish::kAsIs));
    REQUIRE(shown.size() == drawn.size());
    int few = 0;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      CHECK(shown[i].image == drawn[i]);
      few += shown[i].class_name == "few";
    }
    CHECK((few > 16) == (get_real(make_recipe("standard", values), "balance") == 1.0));
  }
  const Run run(PreviewDataset{{1}, folder_source(folder / "in"), {}, still, "few", 8, 5});
  for (const auto& sprite : run.only<DatasetPreviewed>().sprites) {
    CHECK(sprite.image.pixel(2, 3)[0] == 255);                              // where it was drawn
    for (int c = 0; c < 4; ++c) CHECK(sprite.image.pixel(0, 0)[c] == 255);  // no transparency in RGB: over white
  }
}

TEST_CASE("which frame a sprite is is saved with a set, and there when it is read again") {
  const test::TemporaryFolder folder;
  Run draw(DrawStarterSet{{1}, folder / "in", 16, 3, 5, true});
  CHECK(draw.events.size() == 1);
  const SpriteSet drawn = read_sprite_set(folder / "in");
  CHECK((frame_counts(drawn) == std::vector<int>{4, 4, 6}));
  CHECK(drawn.sprites.size() == 3 * (4 + 4 + 6));
  Run convert(ConvertDataset{{2}, folder_source(folder / "in"), {}, folder / "out"});
  const SpriteSet again = read_sprite_set(folder / "out");
  CHECK(fingerprint(again) == fingerprint(drawn));

  const ParamMap whole = make_recipe("", {}), without = make_recipe("", {{"frames", false}}),
                 other = make_recipe("", {{"network", std::string("context_unet")}});
  CHECK((frame_counts(set_of_recipe(drawn, whole)) == frame_counts(drawn)));
  CHECK(frame_counts(set_of_recipe(drawn, without)).empty());
  CHECK(frame_counts(set_of_recipe(drawn, other)).empty());

  write_file(folder / "in/spritekiln.json", std::string_view(R"({"flip_classes": [], "frames": {"flame/00000-1.png": 99}})"));
  const Error error = error_of(CheckDataset{{3}, folder_source(folder / "in"), {}});
  CHECK(error.message.find("flame/00000-1.png is frame 99") != std::string::npos);
}

TEST_CASE("a set that was split is taken as it is: told, previewed without what is put aside, and written as it was split") {
  const test::TemporaryFolder folder;
  for (const int i : {1, 2, 3}) write_png(folder / ("in/train/elf/" + std::to_string(i) + ".png"), dot(i));
  for (const int i : {4, 5}) write_png(folder / ("in/val/elf/" + std::to_string(i) + ".png"), dot(i));
  const Run check(CheckDataset{{1}, folder_source(folder / "in"), {}});
  const auto& report = check.only<DatasetChecked>().report;
  const auto found =
      std::find_if(report.findings.begin(), report.findings.end(), [](const Finding& one) { return one.key.id == "splits"; });
  REQUIRE(found != report.findings.end());
  REQUIRE(found->fixes.size() == 1);
  const Preprocessing split = found->fixes.front();
  CHECK((split == Preprocessing{.hold_out = {"val"}}));

  const Run again(CheckDataset{{2}, folder_source(folder / "in"), split});
  const auto& sprites = again.only<DatasetChecked>().sprites;
  REQUIRE(sprites.size() == 5);
  for (const auto& sprite : sprites) CHECK(sprite.held_out == sprite.file.starts_with("val/"));
  const Run preview(PreviewDataset{{3}, folder_source(folder / "in"), split, {{"shift", std::int64_t{0}}}, "", 64, 5});
  for (const auto& sprite : preview.only<DatasetPreviewed>().sprites) {
    CHECK(sprite.image != dot(4));
    CHECK(sprite.image != dot(5));
  }
  const Run convert(ConvertDataset{{4}, folder_source(folder / "in"), split, folder / "out"});
  CHECK(convert.only<DatasetWritten>().classes.front().count == 5);
  const Run written(CheckDataset{{5}, folder_source(folder / "out"), split});
  const auto& same = written.only<DatasetChecked>().sprites;
  REQUIRE(same.size() == 5);
  for (std::size_t i = 0; i < same.size(); ++i) {
    CHECK(same[i].image == sprites[i].image);
    CHECK(same[i].held_out == sprites[i].held_out);
    CHECK(same[i].class_name == "elf");
  }
  const Run none(ConvertDataset{{6}, folder_source(folder / "in"), {}, folder / "whole"});
  CHECK(fs::exists(folder / "whole/elf"));
  error_of(CheckDataset{{7}, folder_source(folder / "in"), {.hold_out = {"vla"}}});
}

TEST_CASE("a set that is packed is the same set to whatever reads it") {
  const test::TemporaryFolder folder;
  Run drawn(DrawStarterSet{{1}, folder / "in", 16, 4, 1});
  Preprocessing preprocessing;
  preprocessing.flip_classes = {"potion"};
  const Run packed(PackDataset{{2}, folder_source(folder / "in"), preprocessing, folder / "out", 1});
  const SpriteSet before = read_sprite_set(folder / "in"), after = read_sprite_set(folder / "out");
  CHECK(packed.only<DatasetWritten>().classes.size() == before.classes.size());
  CHECK(fingerprint(after) == fingerprint(before));
  const Run check(CheckDataset{{3}, folder_source(folder / "out"), {}});
  CHECK(check.only<DatasetChecked>().report.flip_classes == std::vector<std::string>{"potion"});
  CHECK(error_of(PackDataset{{4}, folder_source(folder / "in"), {}, folder / "out", 1}).code == ErrorCode::kUnwritable);
  CHECK(error_of(PackDataset{{5}, folder_source(folder / "in"), {}, folder / "none", 0}).code == ErrorCode::kInvalidArgument);
}
