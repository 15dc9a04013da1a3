#include <doctest/doctest.h>

#include <variant>

#include "tests/app/state/support/ready_mirror.h"

namespace kiln {
namespace {

using namespace test;

SampleRequest request_of(int count) {
  SampleRequest request;
  request.settings.shared_params = {{"count", std::int64_t{count}}, {"seed", std::int64_t{7}}, {"steps", std::int64_t{10}}};
  return request;
}

// What was asked for last.
StartSampling sent(Mirror& mirror) {
  for (const Command& command : mirror.take_commands()) {
    if (const auto* start = std::get_if<StartSampling>(&command)) return *start;
  }
  FAIL("nothing was asked for");
  return {};
}

void show(Mirror& mirror, const StartSampling& start, int grey_level) {
  const auto count = static_cast<int>(get_int(start.request.settings.shared_params, "count"));
  const auto bytes = static_cast<std::size_t>(count) * 16;
  mirror.apply(Frame{start.job, 2, 10, 2, 2, count, std::vector<std::uint8_t>(bytes, static_cast<std::uint8_t>(grey_level))});
}

void finish(Mirror& mirror, const StartSampling& start, int grey_level) {
  const auto count = static_cast<std::size_t>(get_int(start.request.settings.shared_params, "count"));
  mirror.apply(Event{SpritesReady{start.job, std::vector<Sprite>(count, Sprite{grey(grey_level), {}})}});
  mirror.apply(Event{JobEnded{start.job, Outcome::kDone, {}}});
}

void make(Mirror& mirror, int count, int grey_level) {
  mirror.generate(request_of(count));
  finish(mirror, sent(mirror), grey_level);
}

// A batch of three sprites, 10, of which the last is being made anew.
StartSampling make_last_anew(Mirror& mirror) {
  make_ready(mirror);
  make(mirror, 3, 10);
  mirror.regenerate(request_of(1), {2});
  const StartSampling start = sent(mirror);
  show(mirror, start, 77);
  return start;
}

TEST_CASE("While some places are made anew, the finished sprites can be edited, and those that fade in cannot") {
  Mirror mirror;
  const StartSampling start = make_last_anew(mirror);
  CHECK(mirror.why_not_edit(0).empty());
  CHECK(mirror.why_not_edit(2) == "The sprite is still being made");
  CHECK_FALSE(mirror.why_not_edit(3).empty());
  mirror.hold();
  CHECK(level(mirror, 2) == 10);  // as it was
  CHECK(mirror.edit("Pencil", {{0, grey(20)}}));
  CHECK(mirror.edit("Pencil", {{1, grey(30)}}));
  CHECK(mirror.undo() == 1);
  CHECK_FALSE(mirror.another_pending());
  mirror.release();
  CHECK(level(mirror, 0) == 20);
  CHECK(level(mirror, 1) == 10);
  CHECK(level(mirror, 2) == 77);  // it goes on fading in
  finish(mirror, start, 90);
  CHECK(level(mirror, 0) == 20);
  CHECK(level(mirror, 2) == 90);
  CHECK(mirror.batch().edited == std::set<int>{0});
  CHECK(*mirror.history().undoable() == "Regenerate");
  mirror.undo();
  CHECK(level(mirror, 0) == 20);
  CHECK(level(mirror, 2) == 10);
  mirror.undo();
  CHECK(level(mirror, 0) == 10);
  mirror.redo();
  mirror.redo();
  CHECK(level(mirror, 0) == 20);
  CHECK(level(mirror, 2) == 90);
}

TEST_CASE("Sprites that are done while one is edited wait, and take only the places that they were made for") {
  Mirror mirror;
  const StartSampling start = make_last_anew(mirror);
  mirror.hold();
  mirror.edit("Pencil", {{0, grey(20)}});
  const std::uint64_t version = mirror.batch().version;
  show(mirror, start, 80);
  finish(mirror, start, 90);
  CHECK_FALSE(mirror.busy());
  CHECK(mirror.pending());
  CHECK(level(mirror, 2) == 10);
  CHECK(mirror.batch().version >= version);
  mirror.edit("Fill", {{2, grey(40)}});  // the sprite that was there is not lost for that
  mirror.edit("Fill", {{1, grey(50)}});
  mirror.release();
  CHECK_FALSE(mirror.pending());
  CHECK(level(mirror, 0) == 20);
  CHECK(level(mirror, 1) == 50);
  CHECK(level(mirror, 2) == 90);
  mirror.undo();
  CHECK(level(mirror, 2) == 40);
}

TEST_CASE("Of a batch before the one that is being made, sprites can be edited, and stay in it") {
  Mirror mirror;
  make_ready(mirror);
  make(mirror, 3, 10);
  mirror.generate(request_of(2));
  const StartSampling start = sent(mirror);
  show(mirror, start, 77);
  CHECK_FALSE(mirror.why_not_edit(0).empty());
  CHECK_FALSE(mirror.edit("Pencil", {{0, grey(1)}}));
  CHECK(mirror.earlier().image(0).rgba[0] == 10);
  mirror.hold();
  CHECK(mirror.batch().count() == 3);
  CHECK(mirror.another_pending());
  CHECK(mirror.edit("Pencil", {{1, grey(20)}}));
  SUBCASE("done before they are made") {
    mirror.release();
    CHECK(level(mirror, 1) == 77);
    CHECK(mirror.notices.shown().back().message == "what you drew stays in its batch");
    CHECK(mirror.why_not_undo() == "Sprites are being made");
    CHECK_FALSE(mirror.undo());
    finish(mirror, start, 90);
  }
  SUBCASE("done after they are made") {
    finish(mirror, start, 90);
    CHECK(level(mirror, 1) == 20);
    CHECK(mirror.edit("Pencil", {{1, grey(21)}}));
    CHECK(mirror.undo() == 1);
    mirror.release();
  }
  CHECK(mirror.batch().count() == 2);
  CHECK(level(mirror, 1) == 90);
  CHECK(mirror.earlier().image(1).rgba[0] == 20);
  CHECK(mirror.notices.shown().back().hint == "Ctrl+Z brings them back");
  mirror.undo();
  CHECK(level(mirror, 1) == 20);
  mirror.undo();
  CHECK(level(mirror, 1) == 10);
}

TEST_CASE("A batch that is discarded, or fails, while a sprite is edited leaves what was drawn") {
  for (const bool released : {false, true}) {
    CAPTURE(released);
    Mirror mirror;
    make_ready(mirror);
    make(mirror, 3, 10);
    mirror.generate(request_of(2));
    const StartSampling start = sent(mirror);
    mirror.hold();
    mirror.edit("Pencil", {{1, grey(20)}});
    if (released) mirror.release();
    mirror.apply(Event{JobEnded{start.job, Outcome::kCancelled, {}}});
    mirror.release();
    CHECK(mirror.batch().count() == 3);
    CHECK(level(mirror, 1) == 20);
    CHECK(mirror.undo() == 1);
    CHECK(level(mirror, 1) == 10);
  }
}

TEST_CASE("Batches of the queue go on while a sprite is edited; each can be gone back to") {
  Mirror mirror;
  make_ready(mirror);
  make(mirror, 3, 10);
  mirror.generate(request_of(1));
  const StartSampling first = sent(mirror);
  mirror.generate(request_of(2));
  mirror.generate(request_of(4));
  mirror.hold();
  mirror.edit("Pencil", {{0, grey(20)}});
  finish(mirror, first, 50);
  finish(mirror, sent(mirror), 60);
  const StartSampling last = sent(mirror);
  show(mirror, last, 5);
  CHECK(level(mirror, 0) == 20);
  CHECK(mirror.batch().count() == 3);
  mirror.release();
  CHECK(level(mirror, 3) == 5);
  CHECK(mirror.earlier().image(0).rgba[0] == 60);
  finish(mirror, last, 70);
  for (const int expected : {60, 50, 20}) {
    mirror.undo();
    CHECK(level(mirror, 0) == expected);
  }
  for (const int expected : {50, 60, 70}) {
    mirror.redo();
    CHECK(level(mirror, 0) == expected);
  }
}

TEST_CASE("While sprites wait, only what was drawn is undone: sprites that come find their places") {
  Mirror mirror;
  make_ready(mirror);
  make(mirror, 4, 10);
  mirror.remove({0});
  mirror.regenerate(request_of(1), {2});
  const StartSampling start = sent(mirror);
  mirror.hold();
  mirror.edit("Pencil", {{0, grey(20)}});
  CHECK(mirror.undo() == 0);
  CHECK_FALSE(mirror.undo());
  CHECK(mirror.why_not_undo() == "Sprites are being made");
  finish(mirror, start, 90);
  CHECK(mirror.why_not_undo() == "New sprites come first: press Done");
  CHECK(mirror.redo() == 0);
  mirror.remove({1});
  CHECK(mirror.batch().count() == 3);
  mirror.release();
  CHECK(level(mirror, 0) == 20);
  CHECK(level(mirror, 2) == 90);
  for (int i = 0; i < 3; ++i) CHECK(mirror.undo());
  CHECK(mirror.batch().count() == 4);
}

TEST_CASE("Finished sprites are put behind those that are worked on, whatever is being made") {
  Mirror mirror;
  const StartSampling start = make_last_anew(mirror);
  CHECK_FALSE(mirror.add("Edit", {{grey(60), {}}}, {{}}));
  mirror.hold();
  CHECK(mirror.add("Edit", {{grey(60), {}}}, {{}}) == 3);
  mirror.edit("Pencil", {{3, grey(61)}});
  mirror.release();
  finish(mirror, start, 90);
  CHECK(mirror.batch().count() == 4);
  CHECK(level(mirror, 2) == 90);
  CHECK(level(mirror, 3) == 61);
  CHECK(mirror.batch().sprites.size() == 4);
}

TEST_CASE("A sprite of another size is edited in a batch of its own, and the one that was made into comes after it") {
  Mirror mirror;
  const StartSampling start = make_last_anew(mirror);
  mirror.hold();
  mirror.edit("Pencil", {{0, grey(20)}});
  CHECK(mirror.add("Edit", {{Image(4, 4), {}}}, {{}}) == 0);
  CHECK(mirror.another_pending());
  finish(mirror, start, 90);
  mirror.release();
  CHECK(mirror.batch().count() == 3);
  CHECK(level(mirror, 0) == 20);
  CHECK(level(mirror, 2) == 90);
  mirror.undo();
  CHECK(mirror.batch().width == 4);
  mirror.undo();
  CHECK(level(mirror, 0) == 20);
  CHECK(level(mirror, 2) == 10);
}

TEST_CASE("A first batch does not keep a sprite of elsewhere from being edited") {
  Mirror mirror;
  make_ready(mirror);
  mirror.generate(request_of(2));
  const StartSampling start = sent(mirror);
  CHECK_FALSE(mirror.why_not_edit(0).empty());
  mirror.hold();
  CHECK(mirror.batch().count() == 0);
  CHECK(mirror.add("Edit", {{grey(60), {}}}, {{}}) == 0);
  mirror.edit("Pencil", {{0, grey(61)}});
  finish(mirror, start, 90);
  CHECK(level(mirror, 0) == 61);
  mirror.release();
  CHECK(level(mirror, 0) == 90);
  mirror.undo();
  CHECK(level(mirror, 0) == 61);
}

TEST_CASE("Sprites can begin to be made while one is edited") {
  Mirror mirror;
  make_ready(mirror);
  make(mirror, 3, 10);
  mirror.hold();
  mirror.edit("Pencil", {{0, grey(20)}});
  mirror.generate(request_of(2));
  const StartSampling start = sent(mirror);
  show(mirror, start, 77);
  CHECK(level(mirror, 0) == 20);
  mirror.regenerate(request_of(1), {0});
  mirror.follow(request_of(1), true);
  CHECK(mirror.take_commands().empty());
  finish(mirror, start, 90);
  mirror.release();
  CHECK(level(mirror, 0) == 90);
  mirror.undo();
  CHECK(level(mirror, 0) == 20);
}

}  // namespace
}  // namespace kiln
