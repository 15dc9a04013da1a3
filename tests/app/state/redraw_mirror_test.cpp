#include "app/state/redraw_mirror.h"

#include <doctest/doctest.h>

#include <variant>

#include "app/state/mirror.h"

namespace kiln {
namespace {

FrameRequest request(std::int64_t seed, std::vector<std::size_t> frames) {
  FrameRequest made;
  made.request.settings.shared_params["seed"] = seed;
  made.frames = std::move(frames);
  return made;
}

StartSampling asked(Mirror& mirror, std::int64_t seed) {
  const auto commands = mirror.take_commands();
  REQUIRE(commands.size() == 1);
  const auto start = std::get<StartSampling>(commands[0]);
  CHECK(get_int(start.request.settings.shared_params, "seed") == seed);
  return start;
}

void made(Mirror& mirror, JobId job, std::uint8_t red) {
  Image image(1, 1);
  image.rgba = {red, 0, 0, 255};
  mirror.apply(Event{SpritesReady{job, {{image, {}}}}});
  mirror.apply(Event{JobEnded{job, Outcome::kDone, {}}});
}

}  // namespace

TEST_CASE("frames are asked for one after the other, and each is there as it comes") {
  Mirror mirror;
  mirror.apply(Event{EngineReady{}});
  mirror.redraw.start({request(1, {1, 3}), request(2, {2})});
  const JobId first = asked(mirror, 1).job;
  made(mirror, JobId{first.value + 7}, 9);  // another's
  CHECK(mirror.redraw.take().empty());
  made(mirror, first, 50);
  const std::vector<DrawnFrame> drawn = mirror.redraw.take();
  REQUIRE(drawn.size() == 1);
  CHECK(drawn[0].frames == std::vector<std::size_t>{1, 3});
  CHECK(drawn[0].image.rgba[0] == 50);
  CHECK(mirror.redraw.running());
  CHECK(mirror.redraw.done() == 1);
  made(mirror, asked(mirror, 2).job, 60);
  CHECK_FALSE(mirror.redraw.running());
  CHECK(mirror.redraw.take().size() == 1);
  CHECK(mirror.take_commands().empty());
  CHECK(mirror.batch().count() == 0);  // the grid's sprites are others
}

TEST_CASE("drawing that is stopped, or fails, asks for no more") {
  Mirror mirror;
  mirror.apply(Event{EngineReady{}});
  mirror.redraw.start({request(1, {1}), request(2, {2})});
  const JobId job = asked(mirror, 1).job;
  mirror.redraw.stop();
  const auto commands = mirror.take_commands();
  REQUIRE(commands.size() == 1);
  CHECK(std::get<CancelJob>(commands[0]).target == job);
  made(mirror, job, 50);
  CHECK(mirror.redraw.take().empty());
  CHECK(mirror.take_commands().empty());

  mirror.redraw.start({request(3, {1}), request(4, {2})});
  mirror.apply(Event{JobEnded{asked(mirror, 3).job, Outcome::kFailed, {ErrorCode::kInternal, "no memory", "", ""}}});
  CHECK_FALSE(mirror.redraw.running());
  CHECK(mirror.take_commands().empty());
}

}  // namespace kiln
