#include <doctest/doctest.h>

#include <variant>

#include "app/state/last_batch.h"
#include "tests/app/state/support/ready_mirror.h"
#include "tests/support/errors.h"

namespace kiln {
namespace {

using namespace test;

ParamMap shared(std::int64_t count, std::int64_t seed) {
  ParamMap values = defaults_of(sampling_specs());
  values["count"] = count;
  values["seed"] = seed;
  values["steps"] = std::int64_t{10};
  return values;
}

SampleRequest request_of(std::int64_t count, std::int64_t seed) {
  SampleRequest request;
  request.model_path = "/models/small.safetensors";
  request.settings.shared_params = shared(count, seed);
  return request;
}

StartSampling sent(Mirror& mirror) { return std::get<StartSampling>(mirror.take_commands().at(0)); }

Frame frame_of(JobId job, int step, int count, std::uint8_t grey) {
  return {job, step, 10, 2, 2, count, std::vector<std::uint8_t>(static_cast<std::size_t>(count) * 16, grey)};
}

// The engine makes them, grey + i, each with its seed.
void send_sprites(Mirror& mirror, const StartSampling& start, std::uint8_t grey) {
  SpritesReady ready{start.job, {}};
  for (std::int64_t i = 0; i < get_int(start.request.settings.shared_params, "count"); ++i) {
    Sprite sprite{Image(2, 2), {}};
    sprite.image.rgba.assign(16, static_cast<std::uint8_t>(grey + i));
    sprite.recipe.settings = start.request.settings;
    sprite.recipe.model_hash = std::string(64, 'a');
    sprite.recipe.settings.shared_params["count"] = std::int64_t{1};
    sprite.recipe.settings.shared_params["seed"] = get_int(start.request.settings.shared_params, "seed") + i;
    const auto& conditions = start.request.conditions;
    sprite.recipe.condition =
        conditions.empty() ? Condition{{"potion", 1}} : conditions[static_cast<std::size_t>(i) % conditions.size()];
    sprite.recipe.steps_done = 10;
    ready.sprites.push_back(sprite);
  }
  mirror.apply(Event{std::move(ready)});
}

void make(Mirror& mirror, std::uint8_t grey) {
  const StartSampling start = sent(mirror);
  for (int step = 1; step < 10; ++step) {
    const auto count = static_cast<int>(get_int(start.request.settings.shared_params, "count"));
    mirror.apply(Event{PreviewRecorded{start.job, frame_of(start.job, step, count, static_cast<std::uint8_t>(step))}});
  }
  send_sprites(mirror, start, grey);
  mirror.apply(Event{JobEnded{start.job, Outcome::kDone, {}}});
}

TEST_CASE("Regenerating makes the chosen places anew, with seeds and recipes of their own, and touches no other") {
  Mirror mirror;
  make_ready(mirror);
  mirror.generate(request_of(4, 100));
  make(mirror, 10);
  SampleRequest again = request_of(2, 500);
  again.conditions = {{{"sword", 1}}};
  mirror.regenerate(again, {1, 3});
  const StartSampling start = sent(mirror);
  CHECK(start.request.record_previews);
  mirror.apply(frame_of(start.job, 2, 2, 77));
  CHECK(level(mirror, 0) == 10);
  CHECK(level(mirror, 1) == 77);
  CHECK(level(mirror, 2) == 12);
  CHECK(level(mirror, 3) == 77);
  send_sprites(mirror, start, 90);
  mirror.apply(Event{JobEnded{start.job, Outcome::kDone, {}}});
  CHECK(level(mirror, 0) == 10);
  CHECK(level(mirror, 1) == 90);
  CHECK(level(mirror, 3) == 91);
  CHECK(mirror.batch().seed(0) == 100);
  CHECK(mirror.batch().seed(1) == 500);
  CHECK(mirror.batch().seed(3) == 501);
  CHECK(describe(mirror.batch().condition(3)) == "sword");
  CHECK(describe(mirror.batch().condition(2)) == "potion");
  mirror.undo();
  CHECK(level(mirror, 1) == 11);
  CHECK(mirror.batch().seed(1) == 101);
  mirror.redo();
  CHECK(level(mirror, 1) == 90);
}

TEST_CASE("Regenerating that is discarded, or fails, leaves all sprites as they were") {
  for (const Outcome outcome : {Outcome::kCancelled, Outcome::kFailed}) {
    Mirror mirror;
    make_ready(mirror);
    mirror.generate(request_of(2, 100));
    make(mirror, 10);
    mirror.regenerate(request_of(1, 500), {1});
    const StartSampling start = sent(mirror);
    mirror.apply(frame_of(start.job, 2, 1, 77));
    mirror.apply(Event{JobEnded{start.job, outcome, {ErrorCode::kInternal, "no", "try again", ""}}});
    CHECK(level(mirror, 1) == 11);
    CHECK_FALSE(mirror.history().can_undo());
    CHECK_FALSE(mirror.busy());
  }
}

TEST_CASE("Deleted sprites come back where they were") {
  Mirror mirror;
  make_ready(mirror);
  mirror.generate(request_of(4, 100));
  make(mirror, 10);
  mirror.remove({0, 2});
  REQUIRE(mirror.batch().count() == 2);
  CHECK(level(mirror, 0) == 11);
  CHECK(mirror.batch().seed(1) == 103);
  mirror.remove({0, 1});
  CHECK(mirror.batch().count() == 0);
  mirror.undo();
  mirror.undo();
  REQUIRE(mirror.batch().count() == 4);
  CHECK(level(mirror, 2) == 12);
  CHECK_FALSE(mirror.history().can_undo());
}

TEST_CASE("A branch asks for one sprite after the other, each with its own seed, and shows what they begin as") {
  Mirror mirror;
  make_ready(mirror);
  mirror.generate(request_of(2, 100));
  make(mirror, 10);
  Image first(2, 2), second(2, 2);
  first.rgba.assign(16, 40);
  second.rgba.assign(16, 50);
  mirror.branch(request_of(2, 700), {{request_of(1, 700), {0}}, {request_of(1, 701), {1}}}, {first, second});
  CHECK(level(mirror, 1) == 50);
  make(mirror, 60);
  CHECK(mirror.busy());
  CHECK(level(mirror, 0) == 60);
  CHECK(level(mirror, 1) == 50);
  CHECK(mirror.sampling()->total == 20);
  make(mirror, 70);
  CHECK_FALSE(mirror.busy());
  CHECK(mirror.sampling()->state == JobState::kDone);
  CHECK(level(mirror, 0) == 60);
  CHECK(level(mirror, 1) == 70);
  CHECK(mirror.batch().seed(1) == 701);
  CHECK(mirror.history().previous().image(0).rgba[0] == 10);
}

TEST_CASE("A branch that is stopped to keep what is there has the sprites that were made") {
  Mirror mirror;
  make_ready(mirror);
  mirror.generate(request_of(2, 100));
  make(mirror, 10);
  mirror.branch(request_of(2, 700), {{request_of(1, 700), {0}}, {request_of(1, 701), {1}}}, {Image(2, 2), Image(2, 2)});
  make(mirror, 60);
  const StartSampling second = sent(mirror);
  mirror.stop(CancelMode::kKeep);
  mirror.apply(Event{JobEnded{second.job, Outcome::kCancelled, {}}});
  REQUIRE(mirror.batch().count() == 1);
  CHECK(level(mirror, 0) == 60);
  CHECK(mirror.batch().sprites.size() == 1);
}

TEST_CASE("Fades are kept for each sprite, counted once, and the oldest go first") {
  Mirror mirror;
  make_ready(mirror);
  mirror.generate(request_of(2, 100));
  make(mirror, 10);
  const GeneratedBatch& batch = mirror.batch();
  REQUIRE(batch.origins[1].fade);
  CHECK(batch.origins[1].fade->pixels(1, 4)[0] == 4);
  CHECK(mirror.history().fade_bytes(batch) == 9 * 2 * 16);
  mirror.generate(request_of(2, 300));
  make(mirror, 20);
  CHECK(mirror.history().fade_bytes(mirror.batch()) == 2 * 9 * 2 * 16);
  BatchHistory history = mirror.history();
  history.limit(mirror.batch(), 10 * 2 * 16);
  CHECK(history.fade_bytes(mirror.batch()) == 9 * 2 * 16);
}

TEST_CASE("Generate need not wait for the batch that greets, and that comes to nothing") {
  Mirror mirror;
  make_ready(mirror);
  mirror.notices.add(NoticeKind::kInfo, "the settings could not be read", "they are the default ones");
  mirror.greet(request_of(3, 7));
  const StartSampling greeting = sent(mirror);
  CHECK(mirror.greeting());
  CHECK(mirror.notices.shown().size() == 1);  // what the start had to say
  mirror.generate(request_of(2, 100));
  const auto commands = mirror.take_commands();
  REQUIRE(commands.size() == 2);
  CHECK(std::get<CancelJob>(commands[0]).target == greeting.job);
  CHECK_FALSE(mirror.greeting());
  mirror.apply(Event{JobEnded{greeting.job, Outcome::kCancelled, {}}});
  CHECK(mirror.busy());
  CHECK(mirror.batch().count() == 2);
}

TEST_CASE("The last batch is the same when it is read again, and broken ones are refused") {
  Mirror mirror;
  make_ready(mirror);
  mirror.generate(request_of(3, 100));
  make(mirror, 10);
  mirror.edit("Pencil", {{1, Image(2, 2)}});
  const Bytes bytes = last_batch_bytes(mirror.batch());
  Mirror next;
  next.restore(read_last_batch(bytes));
  CHECK(next.batch().rgba == mirror.batch().rgba);
  CHECK(next.batch().count() == 3);
  CHECK(next.batch().seed(2) == 102);
  for (const auto& [id, value] : mirror.batch().sprites[2].recipe.settings.shared_params)
    CHECK((next.batch().sprites[2].recipe.settings.shared_params.at(id) == value));
  CHECK(next.batch().edited == std::set<int>{1});
  CHECK(next.batch().origins[2].model_path == "/models/small.safetensors");
  for (std::size_t size = 0; size < bytes.size(); size += 7) {
    CHECK(test::error_of([&] { read_last_batch(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size))); }).code ==
          ErrorCode::kCorrupt);
  }
}

}  // namespace
}  // namespace kiln
