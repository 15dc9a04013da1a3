// What is done to a run while it is under way.
#include "engine/base/file.h"
#include "engine/training/checkpoint.h"
#include "engine/training/metrics_file.h"
#include "engine/training/recipe.h"
#include "engine/training/run_folder.h"
#include "tests/engine/session/training_support.h"

using namespace kiln;
using namespace kiln::test;

TEST_CASE("a running training lends its model, can be changed, and goes on past its planned end") {
  const TemporaryFolder folder;
  Listener engine;
  engine.send(UseTrainingModel{{9}, {1}});
  finish(engine, {9}, Outcome::kFailed);
  engine.send(StartTraining{{1},
                            small_request(folder, {{"steps", std::int64_t{100000}},
                                                   {"evaluate_every", std::int64_t{100}},
                                                   {"checkpoint_every", std::int64_t{100}},
                                                   {"sample_every", std::int64_t{100}}})});
  REQUIRE(wait_for_step(engine, {1}, 12));
  engine.send(UseTrainingModel{{2}, {1}});
  finish(engine, {2});
  const auto* opened = engine.find<ModelOpened>({2});
  REQUIRE(opened != nullptr);
  CHECK(opened->info.path == folder / "mine.run/now.safetensors");
  CHECK(opened->info.trained_steps >= 12);
  CHECK(opened->info.thumbnails.size() == 2);
  SampleRequest sampling = request_for(opened->info.path, 2);
  sampling.conditions = {};
  engine.send(StartSampling{{3}, sampling});
  finish(engine, {3});
  CHECK(engine.ended({1}) == nullptr);

  engine.send(ChangeTraining{{1}, {{"batch", std::int64_t{8}}}});
  REQUIRE(engine.wait([&] { return engine.find<Note>({1}) != nullptr; }));
  CHECK(all<Note>(engine, {1}).back().message.find("batch") != std::string::npos);
  engine.send(ChangeTraining{{7}, {{"steps", std::int64_t{8}}}});
  REQUIRE(engine.wait([&] { return engine.find<Note>({7}) != nullptr; }));

  engine.send(ListRuns{{4}, folder / ""});
  finish(engine, {4});
  CHECK(engine.find<RunsListed>({4})->runs.at(0).state == RunState::kRunning);
  TrainRequest again = small_request(folder);
  engine.send(PauseJob{{1}});
  engine.send(StartTraining{{5}, again});  // the same folder
  finish(engine, {5}, Outcome::kFailed);
  CHECK(engine.ended({5})->error.message.find("already") != std::string::npos);
  engine.send(ResumeJob{{1}});

  engine.send(ChangeTraining{{1}, {{"steps", std::int64_t{1}}, {"learning_rate", 1e-4}, {"sample_every", std::int64_t{0}}}});
  finish(engine, {1});
  const auto plans = all<TrainingStarted>(engine, {1});
  REQUIRE(plans.size() == 2);
  CHECK(plans[1].plan.total == plans[1].plan.step);
  CHECK(get_real(plans[1].plan.recipe, "learning_rate") == 1e-4);
  const auto step = plans[1].plan.step;
  CHECK(load_model(folder / "mine.safetensors").facts.steps == step);

  TrainRequest longer;
  longer.out = folder / "mine.safetensors";
  longer.resume = true;  // the sprites are the run's own
  longer.overrides = {{"steps", std::int64_t{step + 7}}};
  engine.send(StartTraining{{6}, longer});
  finish(engine, {6});
  CHECK(load_model(folder / "mine.safetensors").facts.steps == step + 7);
  CHECK(load_newest_checkpoint(folder / "mine.run")->state.step == step + 7);
}

TEST_CASE("a run that is under way is changed by way of its folder, and tells of it") {
  const TemporaryFolder folder;
  const std::string run = folder / "mine.run";
  Listener engine;
  engine.send(ChangeRun{{9}, run, {{"steps", std::int64_t{40}}}});
  finish(engine, {9}, Outcome::kFailed);
  engine.send(StartTraining{{1},
                            small_request(folder, {{"steps", std::int64_t{1000000}},
                                                   {"evaluate_every", std::int64_t{1000}},
                                                   {"checkpoint_every", std::int64_t{1000}},
                                                   {"sample_every", std::int64_t{0}}})});
  REQUIRE(wait_for_step(engine, {1}, 2));
  engine.send(ChangeRun{{2}, run, {{"batch", std::int64_t{8}}}});
  finish(engine, {2}, Outcome::kFailed);
  CHECK(engine.ended({2})->error.message.find("batch") != std::string::npos);
  write_file(folder / "mine.run/change.json", std::string_view("{\"learning_rate\": 7}"));  // by hand
  REQUIRE(engine.wait([&] {
    const auto notes = all<Note>(engine, {1});
    return !notes.empty() && notes.back().message.find("learning_rate") != std::string::npos;
  }));
  CHECK_FALSE(fs::exists(folder / "mine.run/change.taken.json"));

  engine.send(ChangeRun{{3}, run, {{"learning_rate", 1e-4}}});
  finish(engine, {3});
  REQUIRE(engine.wait([&] { return all<TrainingStarted>(engine, {1}).size() == 2; }));
  CHECK_FALSE(fs::exists(folder / "mine.run/change.json"));
  CHECK_FALSE(fs::exists(folder / "mine.run/change.taken.json"));
  CHECK(get_real(recipe_from_json(read_text(folder / "mine.run/recipe.json"), "recipe"), "learning_rate") == 1e-4);
  const std::int64_t step = all<TrainingStarted>(engine, {1}).back().plan.step;
  CHECK(get_real(recipe_from_json(load_newest_checkpoint(run)->state.recipe_json, "recipe"), "learning_rate") == 1e-4);

  engine.send(ChangeRun{{4}, run, {{"steps", std::int64_t{1}}}});  // ends where it is
  finish(engine, {4});
  finish(engine, {1});
  std::vector<TrainMetrics> changed = read_metrics(folder / "mine.run/metrics.jsonl");
  std::erase_if(changed, [](const TrainMetrics& line) { return line.changes.empty(); });
  REQUIRE(changed.size() == 2);
  CHECK(changed[0].step == step);
  CHECK(get_real(changed[0].changes, "learning_rate") == 1e-4);
  CHECK(get_int(changed[1].changes, "steps") == changed[1].step);
  CHECK(load_model(folder / "mine.safetensors").facts.steps == changed[1].step);
  engine.send(ChangeRun{{5}, run, {{"steps", std::int64_t{2000000}}}});
  finish(engine, {5}, Outcome::kFailed);
  CHECK(engine.ended({5})->error.message.find("not under way") != std::string::npos);
}

TEST_CASE("stopping keeps, suspends or discards a run") {
  const TemporaryFolder folder;
  Listener engine;
  const auto stopped = [&](std::uint64_t id, CancelMode mode, Outcome outcome) {
    engine.send(StartTraining{{id},
                              small_request(folder, {{"steps", std::int64_t{100000}},
                                                     {"evaluate_every", std::int64_t{100}},
                                                     {"checkpoint_every", std::int64_t{100}},
                                                     {"sample_every", std::int64_t{100}}})});
    REQUIRE(wait_for_step(engine, {id}, 12));
    engine.send(CancelJob{{id}, mode});
    finish(engine, {id}, outcome);
  };
  const std::string model = folder / "mine.safetensors", run = folder / "mine.run";
  fs::create_directories(run);
  write_file(folder / "mine.run/letter.txt", std::string_view("mine"));
  stopped(1, CancelMode::kDiscard, Outcome::kCancelled);
  CHECK_FALSE(fs::exists(model));
  CHECK(names_in(run) == std::set<std::string>{"letter.txt"});  // not the run's
  fs::remove_all(run);
  stopped(2, CancelMode::kDiscard, Outcome::kCancelled);
  CHECK_FALSE(fs::exists(run));

  stopped(3, CancelMode::kSuspend, Outcome::kKept);
  CHECK_FALSE(fs::exists(model));
  const auto step = load_newest_checkpoint(run)->state.step;
  CHECK(step >= 12);
  CHECK(run_info(run).state == RunState::kStopped);
  CHECK(run_info(run).step == step);

  TrainRequest rest;
  rest.run = run;
  rest.resume = true;
  rest.overrides = {{"steps", std::int64_t{step + 3}}};
  engine.send(StartTraining{{4}, rest});
  finish(engine, {4});
  CHECK(load_model(model).facts.steps == step + 3);  // the run knew its name
  std::set<std::int64_t> steps;
  engine.send(OpenRun{{5}, run});
  finish(engine, {5});
  for (const auto& line : engine.find<RunOpened>({5})->metrics) CHECK_MESSAGE(steps.insert(line.step).second, line.step);

  fs::remove(model);
  stopped(6, CancelMode::kKeep, Outcome::kKept);
  CHECK(load_model(model).facts.steps >= 12);
  CHECK(load_model(model).facts.steps == load_newest_checkpoint(run)->state.step);
}
