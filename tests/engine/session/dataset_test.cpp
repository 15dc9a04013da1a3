#include "engine/session/jobs/dataset_jobs.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <set>

#include "engine/base/file.h"
#include "engine/formats/image_file.h"
#include "engine/formats/image_folder.h"

using namespace kiln;

namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "spritekiln-sets-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  // Everything in it, by name, hidden files too.
  std::set<std::string> names() const {
    std::set<std::string> all;
    for (const auto& entry : fs::directory_iterator(path_)) all.insert(entry.path().filename().string());
    return all;
  }

 private:
  fs::path path_;
};

// A job run to its end, and everything it said.
struct Run {
  std::vector<Event> events;
  std::vector<Progress> progress;
  int steps = 0;

  template <class Command>
  explicit Run(Command command) {
    Outbox outbox{std::function<void()>()};
    const auto job = make_dataset_job(std::move(command), outbox);
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

std::map<std::string, Image> sprites_in(const std::string& path) {
  std::map<std::string, Image> sprites;
  for (const auto& sprite : read_image_folder(path).sprites) sprites[sprite.file] = sprite.image;
  return sprites;
}

}  // namespace

TEST_CASE("the starter set: every class, the same by seed, in small steps with progress") {
  const Folder folder;
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
  const Folder folder;
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

  Remedies remedies;
  remedies.renames = {{"sword", "blade"}};
  const Run convert(ConvertDataset{{2}, folder_source(folder / "in"), remedies, folder / "out"});
  CHECK(convert.only<DatasetWritten>().left_out.size() == 3);
  const auto out = sprites_in(folder / "out");
  REQUIRE(out.size() == 3);
  CHECK(out.at("potion/red.png") == dot(1));
  CHECK(out.at("potion/deep-red.png") == dot(2));
  CHECK(out.at("blade/long.png") == dot(3));
}

TEST_CASE("sprites of one name stay apart when classes are merged; odd names become file names") {
  const Folder folder;
  write_png(folder / "in/axe/one.png", dot(1));
  write_png(folder / "in/axe/icon@2x.png", dot(2));
  write_png(folder / "in/bow/one.png", dot(3));
  Remedies remedies;
  remedies.renames = {{"axe", "../arms"}, {"bow", "../arms"}};
  Run convert(ConvertDataset{{1}, folder_source(folder / "in"), remedies, folder / "out"});
  const auto out = sprites_in(folder / "out");
  REQUIRE(out.size() == 3);
  CHECK(out.at("_._arms/one.png") == dot(1));
  CHECK(out.at("_._arms/one-2.png") == dot(3));
  CHECK(out.at("_._arms/icon@2x.png") == dot(2));
}

TEST_CASE("only an empty folder, or exactly what was written before, is written over") {
  const Folder folder;
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
  const Folder folder;
  Outbox outbox{std::function<void()>()};
  {
    const auto job = make_dataset_job(DrawStarterSet{{1}, folder / "set", 16, 100, 0}, outbox);
    for (int i = 0; i < 5; ++i) REQUIRE(job->step());
    CHECK(!folder.names().empty());
    CHECK(job->cancel(CancelMode::kKeep) == Outcome::kCancelled);
  }
  CHECK(folder.names().empty());
  CHECK(outbox.events.take_all().empty());
}
