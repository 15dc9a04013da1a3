#include "app/state/batch_queue.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <variant>

#include "tests/app/state/support/ready_mirror.h"

namespace kiln {
namespace {

using namespace test;

ModelInfo called(const std::string& name) {
  ModelInfo model = small_model();
  model.path = "/models/" + name + ".safetensors";
  model.name = name;
  return model;
}

SampleRequest request_of(int seed, const std::string& model = kSmallModel) {
  SampleRequest request;
  request.model_path = model;
  request.settings.shared_params = {{"count", 2}, {"seed", seed}, {"steps", 10}};
  return request;
}

// The only command since: a start, of that seed.
StartSampling started(Mirror& mirror) {
  const auto commands = mirror.take_commands();
  REQUIRE(commands.size() == 1);
  return std::get<StartSampling>(commands[0]);
}

int seed_of(const StartSampling& start) { return static_cast<int>(get_int(start.request.settings.shared_params, "seed")); }

void send_sprites(Mirror& mirror, JobId job, std::uint8_t grey) {
  SpritesReady ready{job, {}};
  for (int i = 0; i < 2; ++i) {
    ready.sprites.push_back({Image(2, 2), {}});
    ready.sprites.back().image.rgba.assign(16, grey);
  }
  mirror.apply(Event{std::move(ready)});
}

void finish(Mirror& mirror, JobId job, std::uint8_t grey, Outcome outcome = Outcome::kDone) {
  send_sprites(mirror, job, grey);
  mirror.apply(Event{JobEnded{job, outcome, {}}});
}

int grey_of(const Mirror& mirror) { return mirror.batch().image(0).rgba[0]; }

TEST_CASE("What is asked for while sprites are made waits, and begins when they are done") {
  Mirror mirror;
  make_ready(mirror);
  CHECK(mirror.generate(request_of(1)));
  const StartSampling first = started(mirror);
  CHECK_FALSE(mirror.works_off_queue());
  CHECK_FALSE(mirror.generate(request_of(2)));
  CHECK_FALSE(mirror.generate(request_of(3)));
  CHECK(mirror.take_commands().empty());
  CHECK(mirror.queue.waiting().size() == 2);
  CHECK(mirror.works_off_queue());
  finish(mirror, first.job, 10);
  const StartSampling second = started(mirror);
  CHECK(seed_of(second) == 2);
  CHECK(mirror.busy());
  CHECK(mirror.from_queue());
  CHECK(mirror.batch().job == second.job);
  finish(mirror, second.job, 20);
  const StartSampling third = started(mirror);
  CHECK(seed_of(third) == 3);
  CHECK(mirror.queue.empty());
  finish(mirror, third.job, 30);
  CHECK(mirror.take_commands().empty());
  CHECK_FALSE(mirror.busy());
  CHECK_FALSE(mirror.from_queue());
  CHECK(grey_of(mirror) == 30);
}

TEST_CASE("The next one begins after Keep, after Discard and after an error, and a pause holds it up") {
  Mirror mirror;
  make_ready(mirror);
  mirror.generate(request_of(1));
  for (int seed = 2; seed < 5; ++seed) mirror.generate(request_of(seed));
  const StartSampling first = started(mirror);
  mirror.pause();
  mirror.apply(Event{JobPaused{first.job}});
  CHECK(mirror.take_commands().size() == 1);  // to pause, and no start
  finish(mirror, first.job, 10, Outcome::kKept);
  const StartSampling second = started(mirror);
  CHECK(seed_of(second) == 2);
  mirror.apply(Event{JobEnded{second.job, Outcome::kCancelled, {}}});
  const StartSampling third = started(mirror);
  CHECK(seed_of(third) == 3);
  mirror.apply(Event{JobEnded{third.job, Outcome::kFailed, {ErrorCode::kNotFound, "the model is gone", "open another", ""}}});
  CHECK(mirror.notices.shown().back().message == "the model is gone");
  const StartSampling fourth = started(mirror);
  CHECK(seed_of(fourth) == 4);
  mirror.apply(Event{JobEnded{fourth.job, Outcome::kCancelled, {}}});
  CHECK(mirror.batch().job == first.job);
  CHECK(grey_of(mirror) == 10);
}

TEST_CASE("An error of several batches is told once, and of the same model gone the others still come") {
  Mirror mirror;
  make_ready(mirror);
  open_model(mirror, called("other"));
  mirror.generate(request_of(1));
  for (const char* model : {"/gone", "/gone", kSmallModel}) mirror.generate(request_of(2, model));
  finish(mirror, started(mirror).job, 10);
  for (int i = 0; i < 2; ++i) {
    const StartSampling lost = started(mirror);
    CHECK(lost.request.model_path == "/gone");
    mirror.apply(Event{JobEnded{lost.job, Outcome::kFailed, {ErrorCode::kNotFound, "the model is gone", "open another", ""}}});
  }
  CHECK(mirror.notices.shown().size() == 1);
  const StartSampling last = started(mirror);
  CHECK(last.request.model_path == kSmallModel);
  finish(mirror, last.job, 20);
  CHECK(grey_of(mirror) == 20);
}

TEST_CASE("A batch that waits is of the model that was open when it was asked for") {
  Mirror mirror;
  make_ready(mirror);
  mirror.generate(request_of(1));
  const StartSampling first = started(mirror);
  mirror.generate(request_of(2));
  open_model(mirror, called("other"));
  finish(mirror, first.job, 10);
  CHECK(started(mirror).request.model_path == kSmallModel);
  CHECK(mirror.batch().model == "small");
}

TEST_CASE("Batches that queued ones replaced come back with undo, one after the other, and go again with redo") {
  Mirror mirror;
  make_ready(mirror);
  for (int seed = 1; seed < 5; ++seed) mirror.generate(request_of(seed));
  for (const std::uint8_t grey : {10, 20, 30, 40}) {
    CHECK_FALSE(mirror.undo());  // sprites are being made
    finish(mirror, started(mirror).job, grey);
  }
  CHECK(grey_of(mirror) == 40);
  CHECK(mirror.notices.shown().back().hint.starts_with("Ctrl+Z"));
  for (const int grey : {30, 20, 10}) {
    CHECK(mirror.undo());
    CHECK(grey_of(mirror) == grey);
  }
  CHECK_FALSE(mirror.undo());
  for (const int grey : {20, 30, 40}) {
    CHECK(mirror.redo());
    CHECK(grey_of(mirror) == grey);
  }
  CHECK_FALSE(mirror.redo());
}

TEST_CASE("The oldest batches are forgotten when all take too much memory, and the newest stay undoable") {
  Mirror mirror;
  make_ready(mirror);
  for (int seed = 1; seed < 5; ++seed) mirror.generate(request_of(seed));
  for (const std::uint8_t grey : {10, 20, 30, 40}) finish(mirror, started(mirror).job, grey);
  BatchHistory history = mirror.history();
  GeneratedBatch batch = mirror.batch();
  CHECK(history.pixel_bytes() == 3 * 2 * 32);
  history.limit(batch, BatchHistory::kMostFadeBytes, 2 * 2 * 32);
  CHECK(history.pixel_bytes() == 2 * 2 * 32);
  CHECK(history.undo(batch, 0));
  CHECK(batch.image(0).rgba[0] == 30);
  CHECK(history.undo(batch, 0));
  CHECK(batch.image(0).rgba[0] == 20);
  CHECK_FALSE(history.undo(batch, 0));
}

TEST_CASE("Waiting batches change places and are taken away, each known by its number however often they moved") {
  BatchQueue queue;
  const auto add = [&](int seed) {
    GeneratedBatch batch;
    batch.request = request_of(seed);
    queue.add(std::move(batch), {});
  };
  const auto seeds = [&] {
    std::string text;
    for (const QueuedBatch& each : queue.waiting())
      text += std::to_string(get_int(each.batch.request.settings.shared_params, "seed"));
    return text;
  };
  for (const int seed : {1, 2, 3}) add(seed);
  const std::uint64_t first = queue.waiting()[0].id, last = queue.waiting()[2].id;
  queue.move_up(first);
  queue.move_down(last);
  CHECK(seeds() == "123");
  queue.move_up(last);
  CHECK(seeds() == "132");
  queue.move_down(first);
  CHECK(seeds() == "312");
  queue.remove(first);
  queue.remove(first);
  queue.move_up(first);
  CHECK(seeds() == "32");
  CHECK(queue.take().id == last);
  for (std::size_t i = 0; i < BatchQueue::kMost + 3; ++i) add(4);
  CHECK(queue.full());
  CHECK(queue.waiting().size() == BatchQueue::kMost);
  queue.clear();
  CHECK(queue.empty());
}

TEST_CASE("What a waiting batch is of, in words") {
  SampleRequest request;
  CHECK(classes_of(request) == "every class in turn");
  request.conditions = {{{"potion", 1}}, {{"bow_ammo", 1}}, {{"potion", 1}}};
  CHECK(classes_of(request) == "potion, bow ammo");
  for (const char* name : {"a", "b", "c"}) request.conditions.push_back({{name, 1}});
  CHECK(classes_of(request) == "5 classes in turn");
}

}  // namespace
}  // namespace kiln
