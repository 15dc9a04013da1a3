#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/base/file.h"
#include "engine/base/rect.h"
#include "engine/formats/image_file.h"
#include "engine/session/jobs/make_job.h"
#include "tests/engine/session/local_archive.h"
#include "tests/engine/session/sprites_in.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

#include <doctest/doctest.h>  // after torch

using namespace kiln;
using namespace kiln::test;

namespace {

namespace fs = std::filesystem;

// An environment variable that has another value while this lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() {
    if (before_)
      ::setenv(name_, before_->c_str(), 1);
    else
      ::unsetenv(name_);
  }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

// apt-config and apt-get as the tests want them, before the real ones on the PATH, and a folder of its own for temporary files.
class FakeApt {
 public:
  FakeApt() {
    fs::create_directories(folder_ / "bin");
    fs::create_directories(folder_ / "temporary");
    fs::create_directories(folder_ / "content");
    fs::create_directories(folder_ / "parts");
    write("sources.list", "deb http://a.example/debian stable main\n");
    program("apt-config", "echo \"LIST='$here/sources.list'\"\necho \"PARTS='$here/parts'\"\n");
    // Keeps the sources that it is given; brings the archive, or says what it is to say.
    program("apt-get",
            "for argument in \"$@\"; do case $argument in\n"
            "  Dir::Etc::sourcelist=*) cp \"${argument#*=}\" \"$here/seen.list\" ;;\n"
            "  Dir::Etc::sourceparts=*) cp -r \"${argument#*=}\" \"$here/seen\" ;;\n"
            "esac; done\n"
            "[[ \" $* \" == *' update '* ]] && exit 0\n"
            "[ -f \"$here/refusal\" ] && { cat \"$here/refusal\"; exit 100; }\n"
            "echo 'dlstatus:1:50.5:Retrieving' >&3\n"
            "tar -C \"$here/content\" -czf crawl_9.9.orig.tar.gz .\n");
  }

  void write(const std::string& name, const std::string& text) { write_file(folder_ / name, text); }
  std::string read(const std::string& name) const { return fs::exists(folder_ / name) ? read_text(folder_ / name) : ""; }
  void program(const std::string& name, const std::string& text) {
    write("bin/" + name, "#!/bin/bash\nhere='" + folder_.path().string() + "'\n" + text);
    fs::permissions(folder_ / ("bin/" + name), fs::perms::owner_all);
  }
  void tile(const std::string& name, const Image& image) {
    write_png(folder_ / ("content/crawl-9.9/source/rltiles/" + name), image);
  }
  bool tidy() const { return fs::is_empty(folder_ / "temporary"); }
  std::string out() const { return folder_ / "out"; }

 private:
  TemporaryFolder folder_;
  Variable path_{"PATH", (folder_ / "bin").string() + ":" + std::getenv("PATH")};
  Variable temporary_{"TMPDIR", folder_ / "temporary"};
};

// A tile that no other number has.
Image tile_of(int number, int side = 32) {
  Image image(side, side);
  for (int i = 0; i < 16; ++i) {
    auto* p = image.pixel(i, number % 16);
    p[0] = static_cast<std::uint8_t>(number), p[1] = static_cast<std::uint8_t>(i * 16), p[3] = 255;
  }
  return image;
}

struct Run {
  std::vector<Event> events;
  std::vector<Progress> progress;

  explicit Run(const std::string& out) {
    Outbox outbox{std::function<void()>()};
    ModelCache models;
    const auto job = make_job(FetchDungeonSet{{1}, out}, JobContext{models, outbox, {}});
    while (job->step()) {
      for (const auto& p : outbox.progress.take_all()) progress.push_back(p);
    }
    for (const auto& p : outbox.progress.take_all()) progress.push_back(p);
    events = outbox.events.take_all();
  }
};

}  // namespace

TEST_CASE("the Dungeon Crawl tiles: class folders of 32×32 tiles; other sizes, copies and marks stay out") {
  FakeApt apt;
  apt.tile("item/potion/ruby.png", tile_of(1));
  apt.tile("item/potion/copy.png", tile_of(1));
  apt.tile("item/potion/i-haste.png", tile_of(2));
  apt.tile("mon/dragons/golden_dragon.png", tile_of(3));
  apt.tile("mon/dragons/large.png", tile_of(4, 48));
  apt.tile("mon/dragons/none.png", Image(32, 32));
  apt.tile("dngn/floor/grey.png", tile_of(5));
  apt.write("content/crawl-9.9/source/rltiles/item/potion/words.png", "no picture, but long enough for a head");
  apt.write("content/crawl-9.9/readme.png", "words");
  const Run run(apt.out());
  const auto sprites = sprites_in(apt.out());
  REQUIRE(sprites.size() == 2);
  CHECK(sprites.at("dragon/mon-dragons-golden_dragon.png") == tile_of(3));
  CHECK(sprites.at("potion/item-potion-copy.png") == tile_of(1));
  const auto& written = std::get<DatasetWritten>(run.events.back());
  CHECK(written.path == apt.out());
  CHECK(written.classes.size() == 2);
  REQUIRE(written.notes.size() == 2);
  CHECK(written.notes[0] == "tiles of Dungeon Crawl Stone Soup 9.9, CC0; left out for another size than 32×32: 2");
  CHECK(written.notes[1] == "left out as copies of others: 1");
  std::int64_t last = 0;
  for (const auto& progress : run.progress) {
    CHECK(progress.step >= last);
    last = progress.step;
  }
  CHECK(last == run.progress.back().total);
  CHECK(run.progress.front().step < last);
  CHECK(apt.tidy());
}

TEST_CASE("the Dungeon Crawl tiles: files of old and new versions find their class, and parts of figures none") {
  // Class and file; names as they are in the versions 0.28 and 0.34.
  const std::vector<std::pair<std::string, std::string>> known = {{"altar", "dngn/altars/ashenzari"},
                                                                  {"altar", "dngn/decor/anything"},
                                                                  {"altar", "dngn/vaults/fountain_xom"},
                                                                  {"axe", "item/weapon/battle_axe1"},
                                                                  {"polearm", "item/weapon/demon_trident"},
                                                                  {"sword", "item/weapon/triple_sword2"},
                                                                  {"staff_wand", "item/weapon/staff_mummy"},
                                                                  {"mace", "item/weapon/morningstar1"},
                                                                  {"potion", "item/potion/ruby"},
                                                                  {"apparel", "item/armour/cloak2"},
                                                                  {"body_armour", "item/armour/plate2"},
                                                                  {"food", "item/food/cheese"},
                                                                  {"treasure", "item/gem/gem_swamp"},
                                                                  {"treasure", "item/misc/orb_of_zot1"},
                                                                  {"trinket", "item/misc/misc_box"},
                                                                  {"dragon", "mon/dragons/golden_dragon"},
                                                                  {"dragon", "mon/unique/tiamat_black"},
                                                                  {"undead", "mon/unique/menkaure"},
                                                                  {"humanoid", "mon/unique/sigmund"},
                                                                  {"undead", "mon/undead/draugr/draugr_ogre"},
                                                                  {"undead", "mon/undead/skeletons/skeleton_bat"},
                                                                  {"construct", "mon/nonliving/fire_elemental"},
                                                                  {"effect", "mon/nonliving/orb_of_destruction1"},
                                                                  {"spell_icon", "gui/spells/monster/shadow/x"},
                                                                  {"spell_icon", "gui/spells/transmutation/x"},
                                                                  {"sword", "UNUSED/weapons/longsword4"},
                                                                  {"beast", "UNUSED/monsters/queen_ant"},
                                                                  {"beast", "player/felids/cat_1"},
                                                                  {"tree", "dngn/trees/mangrove1"}};
  const std::vector<std::string> unknown = {"item/potion/i-haste",     "item/scroll/i-fog",      "item/food/bone1",
                                            "dngn/floor/grey_dirt0",   "dngn/wall/brick_brown0", "player/hair/short_black",
                                            "player/hand1/axe",        "misc/blood/blood_red0",  "mon/statues/overlay_axe",
                                            "mon/draco/draco-job-monk"};
  FakeApt apt;
  int number = 0;
  std::set<std::string> expected;
  for (const auto& [class_name, file] : known) {
    apt.tile(file + ".png", tile_of(++number));
    std::string flat = file;
    for (char& c : flat) c = c == '/' ? '-' : c;
    expected.insert(class_name + "/" + flat + ".png");
  }
  for (const auto& file : unknown) apt.tile(file + ".png", tile_of(++number));
  const Run run(apt.out());
  std::set<std::string> found;
  for (const auto& [file, image] : sprites_in(apt.out())) found.insert(file);
  CHECK(found == expected);
}

TEST_CASE("apt is asked for source packages of the machine's own archives, and for nothing that is switched off") {
  FakeApt apt;
  apt.tile("item/potion/ruby.png", tile_of(1));
  apt.write(
      "sources.list",
      "# a comment\ndeb http://a.example/debian stable main contrib # and more\n\n  deb [arch=amd64 signed-by=/k.gpg]  "
      "http://b.example/ stable main\n"
      "#deb http://off.example/ x main\ndeb-src http://a.example/debian stable main contrib\nrpm http://c.example/\ndebris x\n");
  apt.write("parts/more.list", "deb\thttp://d.example/ stable main");
  apt.write("parts/more.list.save", "deb http://off.example/ stable main");
  apt.write("parts/stanzas.sources",
            "# words\nTypes: deb deb-src\nURIs: http://a.example/debian\n# inside\nSuites: stable stable-updates\nComponents: "
            "main\nSigned-By:\n -----BEGIN-----\n .\n abc\n\n"
            "\nEnabled: no\nTypes: deb\nURIs: http://off.example/\nSuites: x\n\n"
            "types: deb\nURIs: http://b.example/\nSuites: ./");
  const Run run(apt.out());
  CHECK(
      apt.read("seen.list") ==
      "deb-src http://a.example/debian stable main contrib\ndeb-src [arch=amd64 signed-by=/k.gpg]  http://b.example/ stable main\n"
      "deb-src \thttp://d.example/ stable main\n");
  CHECK(apt.read("seen/stanzas.sources") ==
        "Types: deb-src\nURIs: http://a.example/debian\nSuites: stable stable-updates\nComponents: main\nSigned-By:\n "
        "-----BEGIN-----\n .\n abc\n\n"
        "Types: deb-src\nURIs: http://b.example/\nSuites: ./\n\n");
}

TEST_CASE("what keeps the tiles from coming is said in a sentence with a hint, and nothing is left behind") {
  const auto refusal = [](const std::function<void(FakeApt&)>& change) {
    FakeApt apt;
    apt.tile("item/potion/ruby.png", tile_of(1));
    change(apt);
    const Error error = error_of([&] { Run run(apt.out()); });
    CHECK(!fs::exists(apt.out()));
    CHECK(apt.tidy());
    return error.message;
  };
  CHECK(refusal([](FakeApt& apt) { apt.program("apt-config", "exit 127\n"); }) ==
        "this machine has no apt to fetch Debian's source package with");
  CHECK(refusal([](FakeApt& apt) { apt.write("sources.list", "# nothing\n"); }) ==
        "no archive is named in this machine's apt configuration");
  CHECK(refusal([](FakeApt& apt) { apt.write("refusal", "E: Unable to find a source package for crawl\n"); }) ==
        "the archives that this machine's apt knows have no source package “crawl”");
  CHECK(refusal([](FakeApt& apt) { apt.write("refusal", "E: Failed to fetch http://a.example/\n"); }) ==
        "Debian's archive could not be reached");
  CHECK(refusal([](FakeApt& apt) { apt.program("apt-get", "[[ \" $* \" == *' update '* ]] || echo words >crawl_9.9.tar.gz\n"); }) ==
        "the archive “crawl_9.9.tar.gz” cannot be unpacked");
  CHECK(refusal([](FakeApt& apt) { apt.program("apt-get", "cd \"$here/bin\" && tar -czf \"$OLDPWD/crawl_9.9.tar.gz\" .\n"); }) ==
        "the source package holds none of the tiles that are known");

  FakeApt apt;
  apt.write("out/mine.txt", "words");
  CHECK(error_of([&] { Run run(apt.out()); }).code == ErrorCode::kUnwritable);
  CHECK(apt.read("seen.list").empty());  // before anything is asked for
}

TEST_CASE("a fetch that is cancelled ends what it started and leaves nothing behind") {
  FakeApt apt;
  apt.program("apt-get", "echo $$ >\"$here/new\" && mv \"$here/new\" \"$here/started\"\nsleep 10000\n");
  Outbox outbox{std::function<void()>()};
  ModelCache models;
  {
    const auto job = make_job(FetchDungeonSet{{2}, apt.out()}, JobContext{models, outbox, {}});
    while (apt.read("started").empty()) REQUIRE(job->step());
    CHECK(job->priority() == Priority::kBackground);
    CHECK(job->cancel(CancelMode::kKeep) == Outcome::kCancelled);
  }
  const int pid = std::stoi(apt.read("started"));
  const auto running = [&] {
    std::string status;
    try {
      status = read_text("/proc/" + std::to_string(pid) + "/status");
    } catch (const Failure&) {
    }
    return !status.empty() && status.find("State:\tZ") == std::string::npos;
  };
  while (running()) ::usleep(10'000);
  CHECK(apt.tidy());
  CHECK(!fs::exists(apt.out()));
}

TEST_CASE("the machine's own apt takes the sources that it is given, in both of its formats") {
  if (!LocalArchive::possible()) return;
  for (const bool deb822 : {false, true}) {
    const TemporaryFolder folder;
    const Bytes png = encode_png(tile_of(1));
    LocalArchive archive("crawl", "1.2", {{"crawl-1.2/source/rltiles/item/potion/ruby.png", std::string(png.begin(), png.end())}},
                         deb822);
    REQUIRE(archive.made());
    const Run run(folder / "tiles");
    CHECK(sprites_in(folder / "tiles").size() == 1);
    CHECK(std::get<DatasetWritten>(run.events.back()).notes[0].find("1.2") != std::string::npos);
  }
}
