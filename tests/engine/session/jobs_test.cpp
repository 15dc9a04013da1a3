#include "tests/engine/session/support.h"

#include <doctest/doctest.h>

#include <fstream>

#include "engine/base/file.h"
#include "engine/gallery/recipe_batch.h"

using namespace kiln;
using namespace kiln::test;

namespace {

// A run long enough to be stopped in the middle.
SampleRequest long_request(const std::string& model) {
  SampleRequest request = request_for(model, 2);
  request.settings.shared_params["steps"] = 1000;
  return request;
}

bool wait_for_step(Listener& engine, JobId job, std::int64_t step) {
  return engine.wait([&] {
    for (const auto& p : engine.progress) {
      if (p.job == job && p.step >= step) return true;
    }
    return false;
  });
}

Error error_of(Listener& engine, JobId job, Command command) {
  engine.send(std::move(command));
  REQUIRE(engine.wait_for_end(job));
  REQUIRE(engine.ended(job)->outcome == Outcome::kFailed);
  const Error error = engine.ended(job)->error;
  CHECK(!error.message.empty());
  CHECK(!error.hint.empty());
  CHECK(error.message.find('\n') == std::string::npos);
  return error;
}

}  // namespace

TEST_CASE("cancel: discard leaves nothing, keep leaves the sprites as they are; each job ends once") {
  const TemporaryFolder folder;
  const std::string model = make_model_file(folder);
  Listener engine;
  engine.send(StartSampling{{1}, long_request(model)});
  REQUIRE(wait_for_step(engine, {1}, 3));
  engine.send(CancelJob{{1}, CancelMode::kDiscard});
  engine.send(CancelJob{{1}, CancelMode::kKeep});  // too late, and without effect
  REQUIRE(engine.wait_for_end({1}));
  CHECK(engine.ended({1})->outcome == Outcome::kCancelled);
  CHECK(engine.find<SpritesReady>({1}) == nullptr);

  engine.send(StartSampling{{2}, long_request(model)});
  REQUIRE(wait_for_step(engine, {2}, 3));
  engine.send(CancelJob{{2}, CancelMode::kKeep});
  REQUIRE(engine.wait_for_end({2}));
  CHECK(engine.ended({2})->outcome == Outcome::kKept);
  const auto* ready = engine.find<SpritesReady>({2});
  REQUIRE(ready != nullptr);
  CHECK(ready->sprites.size() == 2);
  CHECK(ready->sprites[0].recipe.steps_done >= 3);
  CHECK(ready->sprites[0].recipe.steps_done < 1000);
  CHECK(ready->sprites[0].recipe.steps_total == 1000);

  SampleRequest from_image = long_request(model);
  from_image.settings.init_image.path = folder / "start.png";
  from_image.settings.init_params = {{"strength", 0.5}};
  write_png(folder / "start.png", Image(16, 16));
  engine.send(StartSampling{{4}, from_image});
  REQUIRE(wait_for_step(engine, {4}, 3));
  engine.send(CancelJob{{4}, CancelMode::kKeep});
  REQUIRE(engine.wait_for_end({4}));
  const SpriteRecipe& stopped = engine.find<SpritesReady>({4})->sprites[0].recipe;
  CHECK((stopped.steps_total > 450 && stopped.steps_total < 550));  // that strength leaves half of them
  CHECK(stopped.steps_done < stopped.steps_total);
  CHECK_FALSE(is_repeatable(stopped));

  engine.send(OpenModel{{3}, model});
  REQUIRE(engine.wait_for_end({3}));
  CHECK(engine.count_ends({1}) == 1);
  CHECK(engine.count_ends({2}) == 1);
}

TEST_CASE("a paused job stands still, also while others run, and gives the same sprites when it goes on") {
  const TemporaryFolder folder;
  const std::string model = make_model_file(folder);
  SampleRequest request = request_for(model, 2);
  request.settings.shared_params["steps"] = 200;
  Listener engine;
  engine.send(StartSampling{{1}, request});
  REQUIRE(wait_for_step(engine, {1}, 2));
  engine.send(PauseJob{{1}});
  REQUIRE(engine.wait([&] { return engine.find<JobPaused>({1}) != nullptr; }));
  const auto stood_at = engine.progress.back().step;
  engine.send(StartSampling{{2}, request});
  REQUIRE(engine.wait_for_end({2}));
  for (const auto& p : engine.progress) {
    if (p.job == JobId{1}) CHECK(p.step <= stood_at + 1);
  }
  CHECK(engine.ended({1}) == nullptr);
  engine.send(ResumeJob{{1}});
  REQUIRE(engine.wait_for_end({1}));
  const auto *first = engine.find<SpritesReady>({1}), *second = engine.find<SpritesReady>({2});
  CHECK(first->sprites[1].image == second->sprites[1].image);
}

TEST_CASE("sampling goes before training, and training writes a model that samples") {
  const TemporaryFolder folder;
  const std::string model = make_model_file(folder), data = make_data_folder(folder);
  Listener engine;
  TrainRequest train;
  train.source.path = data;
  train.out = folder / "mine.safetensors";
  train.recipe = "quick";
  train.credits = "A. Tester";
  train.threads = 1;
  train.overrides = {{"width", std::int64_t{16}},
                     {"blocks", std::int64_t{1}},
                     {"steps", std::int64_t{30}},
                     {"batch", std::int64_t{4}},
                     {"warmup", std::int64_t{2}}};
  engine.send(StartTraining{{1}, train});
  REQUIRE(wait_for_step(engine, {1}, 1));
  engine.send(StartSampling{{2}, request_for(model, 2)});
  REQUIRE(engine.wait_for_end({2}));
  CHECK(engine.ended({1}) == nullptr);  // the training goes on behind it
  REQUIRE(engine.wait_for_end({1}));
  INFO(engine.ended({1})->error.message, " ", engine.ended({1})->error.detail);
  REQUIRE(engine.ended({1})->outcome == Outcome::kDone);
  CHECK(engine.find<TrainingMetrics>({1}) != nullptr);
  CHECK(fs::exists(folder / "mine.run/metrics.jsonl"));

  engine.send(OpenModel{{3}, train.out});
  REQUIRE(engine.wait_for_end({3}));
  const auto* opened = engine.find<ModelOpened>({3});
  REQUIRE(opened != nullptr);
  CHECK(opened->info.classes == std::vector<std::string>{"cross", "ring"});
  CHECK(opened->info.credits == "A. Tester");
  CHECK(opened->info.trained_steps == 30);
  CHECK(opened->info.thumbnails.size() == 2);
  SampleRequest request = request_for(train.out, 2);
  request.conditions = {};
  engine.send(StartSampling{{4}, request});
  REQUIRE(engine.wait_for_end({4}));
  CHECK((engine.find<SpritesReady>({4})->sprites[1].recipe.condition == Condition{{"ring", 1.0}}));
}

TEST_CASE("stopping a training to keep it writes the model so far") {
  const TemporaryFolder folder;
  Listener engine;
  TrainRequest train;
  train.source.path = make_data_folder(folder);
  train.out = folder / "early.safetensors";
  train.overrides = {
      {"width", std::int64_t{16}}, {"blocks", std::int64_t{1}}, {"steps", std::int64_t{100000}}, {"batch", std::int64_t{4}}};
  train.threads = 1;
  engine.send(StartTraining{{1}, train});
  REQUIRE(wait_for_step(engine, {1}, 2));
  engine.send(CancelJob{{1}, CancelMode::kKeep});
  REQUIRE(engine.wait_for_end({1}));
  CHECK(engine.ended({1})->outcome == Outcome::kKept);
  CHECK(load_model(train.out).facts.steps >= 2);
}

TEST_CASE("exports: the sheet's pixels are the sprites'; nothing half is left where it cannot be written") {
  const TemporaryFolder folder;
  Listener engine;
  Image red(16, 16), blue(16, 16);
  for (std::size_t i = 0; i < red.rgba.size(); i += 4) red.rgba[i] = red.rgba[i + 3] = blue.rgba[i + 2] = blue.rgba[i + 3] = 255;
  engine.send(ExportSprites{{1},
                            folder / "deep/sheet.png",
                            {{red, {}}, {blue, {}}, {red, {}}},
                            {{"columns", 2}, {"padding", 1}, {"scale", 2}},
                            {},
                            false});
  REQUIRE(engine.wait_for_end({1}));
  CHECK(engine.find<Exported>({1})->path == folder / "deep/sheet.png");
  const Image sheet = read_image(folder / "deep/sheet.png");
  CHECK(sheet.width == (16 + 1 + 16) * 2);
  CHECK(sheet.height == (16 + 1 + 16) * 2);
  CHECK(sheet.pixel(0, 0)[0] == 255);
  CHECK(sheet.pixel(33, 0)[3] == 0);  // padding
  CHECK(sheet.pixel(34, 31)[2] == 255);
  CHECK(sheet.pixel(65, 65)[3] == 0);  // the empty cell

  std::ofstream(folder / "file") << "x";
  const Error error = error_of(engine, {2}, ExportSprites{{2}, folder / "file/sheet.png", {{red, {}}}, {}, {}, false});
  CHECK(error.code == ErrorCode::kUnwritable);
  error_of(engine, {3}, ExportSprites{{3}, folder / "empty.png", {}, {}, {}, false});
  CHECK(!fs::exists(folder / "empty.png"));
}

TEST_CASE("bad input gets a message and a hint, and the engine goes on") {
  const TemporaryFolder folder;
  const std::string model = make_model_file(folder);
  Listener engine;
  CHECK(error_of(engine, {1}, OpenModel{{1}, folder / "none.safetensors"}).code == ErrorCode::kNotFound);
  const Bytes whole = read_file(model);
  write_file(folder / "cut.safetensors", std::span(whole).first(whole.size() / 2));
  CHECK(error_of(engine, {2}, OpenModel{{2}, folder / "cut.safetensors"}).code == ErrorCode::kCorrupt);
  write_file(folder / "foreign.safetensors", std::string_view("this is a letter, not a model"));
  error_of(engine, {3}, OpenModel{{3}, folder / "foreign.safetensors"});

  SampleRequest request = request_for(model, 2);
  request.conditions = {{{"poton", 1.0}}};
  CHECK(error_of(engine, {4}, StartSampling{{4}, request}).hint.find("potion") != std::string::npos);
  request = request_for(model, 0);
  error_of(engine, {5}, StartSampling{{5}, request});
  request = request_for(model, 2);
  request.settings.shared_params["steps"] = 1000000;
  error_of(engine, {6}, StartSampling{{6}, request});
  request = request_for(model, 2);
  request.settings.shared_params["guidence"] = 3.0;
  CHECK(error_of(engine, {7}, StartSampling{{7}, request}).hint.find("guidance") != std::string::npos);
  request = request_for(model, 2);
  request.settings.shared_params["device"] = "tpu";
  error_of(engine, {8}, StartSampling{{8}, request});

  TrainRequest train;
  train.out = folder / "m.safetensors";
  train.source.path = folder / "nowhere";
  CHECK(error_of(engine, {9}, StartTraining{{9}, train}).code == ErrorCode::kNotFound);
  fs::create_directories(folder / "void/class");
  train.source.path = folder / "void";
  error_of(engine, {10}, StartTraining{{10}, train});
  train.source.path = make_data_folder(folder);
  train.overrides = {{"batch", std::int64_t{-1}}};
  error_of(engine, {11}, StartTraining{{11}, train});
  train.overrides = {};
  train.resume = true;
  error_of(engine, {12}, StartTraining{{12}, train});
  std::ofstream(folder / "file") << "x";
  train.resume = false;
  train.out = folder / "file/m.safetensors";
  CHECK(error_of(engine, {13}, StartTraining{{13}, train}).code == ErrorCode::kUnwritable);  // before the work, not after it

  engine.send(StartSampling{{20}, request_for(model, 1)});
  REQUIRE(engine.wait_for_end({20}));
  CHECK(engine.ended({20})->outcome == Outcome::kDone);
}
