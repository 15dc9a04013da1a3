#include "app/state/import_mirror.h"

#include <doctest/doctest.h>

#include <variant>

#include "app/state/mirror.h"

namespace kiln {
namespace {

ImportCheckpoint start(Mirror& mirror) {
  mirror.import.start("/theirs/net.pth", "/mine/net.safetensors", {"axe", "bow"}, {{"timesteps", std::int64_t{500}}});
  return std::get<ImportCheckpoint>(mirror.take_commands().at(0));
}

}  // namespace

TEST_CASE("what the artist says goes to the engine, and the file that comes of it is told once") {
  Mirror mirror;
  mirror.apply(Event{EngineReady{}});
  const ImportCheckpoint command = start(mirror);
  CHECK(command.checkpoint == "/theirs/net.pth");
  CHECK(command.out == "/mine/net.safetensors");
  CHECK(command.classes == std::vector<std::string>{"axe", "bow"});
  CHECK(get_int(command.values, "timesteps") == 500);
  CHECK(mirror.import.running());
  mirror.import.start("/theirs/other.pth", "/mine/other.safetensors", {}, {});
  CHECK(mirror.take_commands().empty());  // one at a time

  mirror.apply(Event{JobEnded{JobId{command.job.value + 1}, Outcome::kDone, {}}});  // another job
  CHECK(mirror.import.running());
  mirror.apply(Event{JobEnded{command.job, Outcome::kDone, {}}});
  CHECK_FALSE(mirror.import.running());
  CHECK(mirror.import.take_made() == "/mine/net.safetensors");
  CHECK(mirror.import.take_made().empty());
}

TEST_CASE("why an import failed is there until the next one") {
  Mirror mirror;
  mirror.apply(Event{EngineReady{}});
  mirror.apply(Event{JobEnded{start(mirror).job, Outcome::kFailed, {ErrorCode::kUnsupported, "no network", "take another", ""}}});
  CHECK(mirror.import.take_made().empty());
  REQUIRE(mirror.import.problem());
  CHECK(mirror.import.problem()->message == "no network");
  start(mirror);
  CHECK_FALSE(mirror.import.problem());
}

TEST_CASE("why a model could not be opened is there until the next one") {
  Mirror mirror;
  mirror.apply(Event{EngineReady{}});
  mirror.open_model("/a.pth");
  const JobId job = std::get<OpenModel>(mirror.take_commands().at(0)).job;
  mirror.apply(Event{JobEnded{job, Outcome::kFailed, {ErrorCode::kCorrupt, "cut off", "copy it again", ""}}});
  REQUIRE(mirror.opening_problem());
  CHECK(mirror.opening_problem()->message == "cut off");
  mirror.open_model("/b.pth");
  CHECK_FALSE(mirror.opening_problem());
}

TEST_CASE("names as they are typed") {
  CHECK(listed_names(" potion, sword ,,big dragon,") == std::vector<std::string>{"potion", "sword", "big dragon"});
  CHECK(listed_names("  ").empty());
}

}  // namespace kiln
