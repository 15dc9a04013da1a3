#include "tests/engine/session/training_support.h"

#include "engine/base/file.h"
#include "engine/training/checkpoint.h"
#include "engine/training/run_folder.h"

using namespace kiln;
using namespace kiln::test;

TEST_CASE("samples that cannot be kept are told of, and training goes on") {
  const TemporaryFolder folder;
  fs::create_directories(folder / "mine.run/strips/00000010.png/in the way");
  Listener engine;
  engine.send(StartTraining{{1}, small_request(folder)});
  finish(engine, {1});
  const auto strips = all<TrainingStrip>(engine, {1});
  REQUIRE(strips.size() == 3);
  CHECK(strips[1].strip.step == 20);
  const auto notes = all<Note>(engine, {1});
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].message.find("step 10") != std::string::npos);
  CHECK_FALSE(notes[0].hint.empty());
  CHECK(load_model(folder / "mine.safetensors").thumbnails.size() == 2);
}

TEST_CASE("a run that fails keeps its last step, and goes on to the same bytes with the threads that it began with") {
  const TemporaryFolder folder;
  Listener engine;
  const ParamMap values = {{"checkpoint_every", std::int64_t{100000}}, {"batch", std::int64_t{8}}};
  TrainRequest whole = small_request(folder, values);
  whole.out = folder / "whole.safetensors";
  engine.send(StartTraining{{1}, whole});
  finish(engine, {1});

  fs::create_directories(folder / "mine.run/best.safetensors/in the way");  // the first measurement cannot write its model
  engine.send(StartTraining{{2}, small_request(folder, values)});
  finish(engine, {2}, Outcome::kFailed);
  CHECK(engine.ended({2})->error.code == ErrorCode::kUnwritable);
  CHECK(load_newest_checkpoint(folder / "mine.run")->state.step == 10);
  CHECK(run_info(folder / "mine.run").state == RunState::kStopped);
  fs::copy(folder / "mine.run", folder / "other.run", fs::copy_options::recursive);

  fs::remove_all(folder / "mine.run/best.safetensors");
  TrainRequest rest;
  rest.run = folder / "mine.run";
  rest.resume = true;
  engine.send(StartTraining{{3}, rest});
  finish(engine, {3});
  CHECK(engine.find<TrainingStarted>({3})->plan.step == 10);
  CHECK(engine.find<Note>({3}) == nullptr);
  CHECK(read_file(folder / "mine.safetensors") == read_file(folder / "whole.safetensors"));

  fs::remove_all(folder / "other.run/best.safetensors");
  rest.run = folder / "other.run";
  rest.threads = 2;
  engine.send(StartTraining{{4}, rest});
  finish(engine, {4});
  const auto* note = engine.find<Note>({4});
  REQUIRE(note != nullptr);
  CHECK(note->message.find("other bytes") != std::string::npos);
}
