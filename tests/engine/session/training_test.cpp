#include "tests/engine/session/training_support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/base/file.h"
#include "engine/network/import/import.h"
#include "engine/pixelart/colours.h"
#include "engine/pixelart/palette_map.h"
#include "engine/training/checkpoint.h"
#include "engine/training/metrics_file.h"
#include "engine/training/recipe.h"
#include "engine/training/run_folder.h"

using namespace kiln;
using namespace kiln::test;

TEST_CASE("a run tells what it is, shows samples from its first step on, and leaves all in its folder") {
  const TemporaryFolder folder;
  Listener engine;
  engine.send(StartTraining{{1}, small_request(folder)});
  finish(engine, {1});

  const auto* started = engine.find<TrainingStarted>({1});
  REQUIRE(started != nullptr);
  const TrainPlan& plan = started->plan;
  CHECK((plan.classes == std::vector<std::string>{"cross", "ring"}));
  CHECK(plan.sprites + plan.validation == 16);
  CHECK(plan.width == 16);
  CHECK(plan.step == 0);
  CHECK(plan.total == 30);
  CHECK(plan.run == folder / "mine.run");
  CHECK(get_int(plan.recipe, "batch") == 4);
  const Model model = load_model(folder / "mine.safetensors");
  CHECK(plan.parameters == parameter_count(*model.network));
  CHECK(model.thumbnails.size() == 2);
  CHECK(model.facts.palette.colours.empty());  // of these sprites, more than 256
  CHECK(get_real(model.facts.sampling, "merge_colours") > 0);

  const auto strips = all<TrainingStrip>(engine, {1});
  REQUIRE(strips.size() == 4);
  for (std::size_t i = 0; i < strips.size(); ++i) {
    const SampleStrip& strip = strips[i].strip;
    CHECK(strip.step == static_cast<std::int64_t>(10 * i));
    CHECK(strip.columns == 2);
    REQUIRE(strip.sprites.size() == 4);
    REQUIRE(strip.neighbours.size() == 4);
    for (std::size_t k = 0; k < 4; ++k) {
      CHECK(strip.neighbours[k].distance >= 0);
      CHECK(strip.neighbours[k].distance <= 1);
      CHECK(read_image(folder / ("data/" + strip.neighbours[k].file)) == strip.neighbours[k].image);
    }
  }
  CHECK_FALSE(strips[0].strip.sprites[0] == strips[3].strip.sprites[0]);

  const auto metrics = all<TrainingMetrics>(engine, {1});
  REQUIRE(metrics.size() == 3);
  CHECK(metrics[2].metrics.memory_mb > 10);
  CHECK(metrics[2].metrics.loss_by_noise.size() == 8);
  CHECK(metrics[2].metrics.left_s == 0);
  CHECK(metrics[1].metrics.images_per_s > 0);

  engine.send(ListRuns{{2}, folder / ""});
  finish(engine, {2});
  const auto& runs = engine.find<RunsListed>({2})->runs;
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].name == "mine.run");
  CHECK(runs[0].state == RunState::kFinished);
  CHECK(runs[0].step == 30);
  CHECK(runs[0].total == 30);
  CHECK(runs[0].data == folder / "data");
  CHECK(runs[0].model == folder / "mine.safetensors");
  CHECK(runs[0].validation_loss == doctest::Approx(metrics[2].metrics.validation_loss));

  engine.send(OpenRun{{3}, runs[0].path});
  finish(engine, {3});
  const auto* opened = engine.find<RunOpened>({3});
  CHECK((opened->recipe == plan.recipe));
  REQUIRE(opened->metrics.size() == 3);
  CHECK(opened->metrics[1].loss == metrics[1].metrics.loss);
  CHECK(opened->metrics[1].loss_by_noise == metrics[1].metrics.loss_by_noise);
  REQUIRE(opened->strips.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK((opened->strips[i].sprites == strips[i].strip.sprites));
    CHECK(opened->strips[i].neighbours[3].image == strips[i].strip.neighbours[3].image);
    CHECK(opened->strips[i].neighbours[3].distance == strips[i].strip.neighbours[3].distance);
    CHECK(opened->strips[i].classes == plan.classes);
  }

  engine.send(OpenRun{{4}, folder / "data"});
  finish(engine, {4}, Outcome::kFailed);
  CHECK(engine.ended({4})->error.code == ErrorCode::kNotFound);
}

TEST_CASE("a model keeps the palette of its sprites, and its samples are of these colours from the first on") {
  const TemporaryFolder folder;
  const TrainRequest request = small_request(folder);
  const Palette four{"four", {{0, 0, 0}, {60, 90, 200}, {210, 200, 60}, {240, 240, 240}}};
  for (const auto& entry : fs::recursive_directory_iterator(folder / "data")) {
    if (entry.is_regular_file()) write_png(entry.path(), map_to_palette(read_image(entry.path()), four));
  }
  Listener engine;
  engine.send(StartTraining{{1}, request});
  finish(engine, {1});
  CHECK((load_model(folder / "mine.safetensors").facts.palette.colours == four.colours));
  std::set<Rgb8> drawn;
  for (const auto& [job, strip] : all<TrainingStrip>(engine, {1})) {
    for (const Image& sprite : strip.sprites) {
      for (const Rgb8& colour : distinct_colours(sprite)) drawn.insert(colour);
    }
  }
  CHECK_FALSE(drawn.empty());
  CHECK(std::includes(four.colours.begin(), four.colours.end(), drawn.begin(), drawn.end()));
}

TEST_CASE("samples on the way do not change what is learned") {
  const TemporaryFolder folder;
  Listener engine;
  const auto weights = [&](std::uint64_t id, std::int64_t every) {
    TrainRequest request = small_request(folder, {{"sample_every", every}, {"dropout", 0.2}, {"weights", std::string("f32")}});
    request.run = folder / ("run" + std::to_string(id));
    engine.send(StartTraining{{id}, request});
    finish(engine, {id});
    return load_newest_checkpoint(request.run)->state;
  };
  const TrainingState without = weights(1, 0), with = weights(2, 3);
  CHECK(engine.find<TrainingStrip>({1}) == nullptr);
  CHECK(all<TrainingStrip>(engine, {2}).size() == 11);
  CHECK(torch::equal(without.weights, with.weights));
  CHECK(torch::equal(without.ema, with.ema));
  CHECK(torch::equal(without.variance, with.variance));
}

TEST_CASE("a plan measures this machine and writes nothing") {
  const TemporaryFolder folder;
  Listener engine;
  TrainRequest request = small_request(folder, {{"steps", std::int64_t{50000}}});
  const auto before = names_in(folder / "");
  engine.send(PlanTraining{{1}, request});
  finish(engine, {1});
  CHECK(names_in(folder / "") == before);
  const auto* planned = engine.find<TrainingPlanned>({1});
  REQUIRE(planned != nullptr);
  CHECK(planned->plan.total == 50000);
  CHECK(planned->plan.parameters > 1000);
  CHECK(planned->plan.sprites > 8);
  CHECK(planned->plan.images_per_s > 0);
  CHECK(planned->plan.left_s == doctest::Approx(50000 * 4 / planned->plan.images_per_s));

  engine.send(PlanTraining{{2}, request});
  engine.send(CancelJob{{2}, CancelMode::kDiscard});
  finish(engine, {2}, Outcome::kCancelled);
  request.recipe = "finetune";
  engine.send(PlanTraining{{3}, request});
  finish(engine, {3}, Outcome::kFailed);
  CHECK(engine.ended({3})->error.hint.find("--init") != std::string::npos);
  CHECK(names_in(folder / "") == before);
}

TEST_CASE("a run measures how good its sprites are, keeps the best by that, and learns the same as without") {
  const TemporaryFolder folder, plain;
  Listener engine;
  const auto lines = [](const TemporaryFolder& of) { return read_metrics(of.path() / "mine.run" / "metrics.jsonl"); };
  const auto losses = [&](const TemporaryFolder& of) {
    std::vector<double> found;
    for (const TrainMetrics& line : lines(of)) {
      if (!std::isnan(line.loss)) found.push_back(line.loss);
    }
    return found;
  };
  engine.send(StartTraining{{1}, small_request(plain)});
  finish(engine, {1});
  const ParamMap watched = {{"quality_every", std::int64_t{20}}, {"best_by", std::string("frechet")}};
  TrainRequest request = small_request(folder, watched);
  engine.send(StartTraining{{2}, request});
  finish(engine, {2});
  CHECK((losses(folder) == losses(plain)));
  std::vector<TrainMetrics> judged;
  for (const TrainMetrics& line : lines(folder)) {
    if (!std::isnan(line.frechet)) judged.push_back(line);
  }
  REQUIRE(judged.size() == 2);
  CHECK((judged[0].step == 20 && judged[1].step == 30));
  for (const TrainMetrics& line : judged) {
    CHECK(line.frechet > 0);
    CHECK((line.class_accuracy >= 0 && line.class_accuracy <= 1));
    CHECK((line.told_apart >= 0 && line.told_apart <= 1));
    CHECK((line.near_copies >= 0 && line.near_copies <= 1));
  }
  CHECK(all<TrainingMetrics>(engine, {2}).size() == lines(folder).size());
  const Model best = open_model((folder.path() / "mine.run" / "best.safetensors").string());
  CHECK(best.facts.steps == (judged[0].frechet <= judged[1].frechet ? 20 : 30));

  request.resume = true;  // it goes on past its end, and what was measured is not measured again
  request.overrides = {{"steps", std::int64_t{40}}};
  engine.send(StartTraining{{3}, request});
  finish(engine, {3});
  std::vector<std::int64_t> steps;
  for (const TrainMetrics& line : lines(folder)) {
    if (!std::isnan(line.frechet)) steps.push_back(line.step);
  }
  CHECK((steps == std::vector<std::int64_t>{20, 30, 40}));

  TrainRequest unmeasured = small_request(folder, {{"best_by", std::string("told_apart")}});
  unmeasured.out = folder / "other.safetensors";
  engine.send(StartTraining{{4}, unmeasured});
  finish(engine, {4}, Outcome::kFailed);
  CHECK(engine.ended({4})->error.hint.find("quality_every") != std::string::npos);
  engine.send(StartTraining{
      {5},
      small_request(
          plain, {{"steps", std::int64_t{100000}}, {"quality_every", std::int64_t{50000}}, {"best_by", std::string("frechet")}})});
  REQUIRE(wait_for_step(engine, {5}, 2));
  engine.send(ChangeTraining{{5}, {{"quality_every", std::int64_t{0}}}});  // or it could not be resumed
  REQUIRE(engine.wait([&] {
    const auto notes = all<Note>(engine, {5});
    return !notes.empty() && notes.back().message.find("best_by") != std::string::npos;
  }));
  engine.send(CancelJob{{5}, CancelMode::kDiscard});
  finish(engine, {5}, Outcome::kCancelled);
}

TEST_CASE("a folder with every kind of bad file still trains on the rest, and each is named") {
  const TemporaryFolder folder;
  TrainRequest request = small_request(folder, {{"steps", std::int64_t{3}}, {"sample_every", std::int64_t{0}}});
  const Bytes whole = read_file(folder / "data/cross/0.png");
  write_file(folder / "data/cross/cut.png", std::span(whole).first(whole.size() / 2));
  write_file(folder / "data/cross/empty.png", std::string_view());
  write_file(folder / "data/ring/letter.png", std::string_view("this is a letter"));
  write_file(folder / "data/ring/notes.txt", std::string_view("not a picture"));
  write_file(folder / "data/lost.png", whole);
  fs::create_symlink("nowhere.png", folder / "data/ring/dangling.png");
  fs::create_directories(folder / "data/void");
  Listener engine;
  engine.send(StartTraining{{1}, request});
  finish(engine, {1});
  CHECK(engine.find<TrainingStarted>({1})->plan.sprites + engine.find<TrainingStarted>({1})->plan.validation == 16);
  std::string notes;
  for (const auto& note : all<Note>(engine, {1})) notes += note.message + "\n";
  for (const char* name : {"cut.png", "empty.png", "letter.png", "lost.png", "dangling.png"})
    CHECK_MESSAGE(notes.find(name) != std::string::npos, name);

  Image large(17, 16);
  for (std::size_t i = 3; i < large.rgba.size(); i += 4) large.rgba[i] = 255;
  write_png(folder / "data/cross/boots.png", large);
  engine.send(StartTraining{{2}, request});
  finish(engine, {2}, Outcome::kFailed);
  const Error mixed = engine.ended({2})->error;
  CHECK(mixed.message.find("boots.png") != std::string::npos);
  CHECK(mixed.message.find("17×16") != std::string::npos);
  CHECK(mixed.hint.find("17×16") != std::string::npos);
  request.preprocessing.pad = {24, 24};
  request.preprocessing.flip_classes = {"ring"};
  request.preprocessing.renames = {{"cross", "plus"}};
  engine.send(StartTraining{{3}, request});
  finish(engine, {3});
  CHECK(engine.find<TrainingStarted>({3})->plan.width == 24);
  CHECK((engine.find<TrainingStarted>({3})->plan.classes == std::vector<std::string>{"plus", "ring"}));
  request.preprocessing.flip_classes = {"cross"};  // its name is another by now
  engine.send(StartTraining{{4}, request});
  finish(engine, {4}, Outcome::kFailed);
}

TEST_CASE("every recipe trains, and its model can be gone on with by fine-tuning on other classes") {
  const TemporaryFolder folder;
  Listener engine;
  std::uint64_t id = 0;
  for (const char* recipe : {"ddpm", "cosine"}) {
    TrainRequest request = small_request(folder);
    request.recipe = recipe;
    request.overrides = {{"steps", std::int64_t{3}},
                         {"batch", std::int64_t{4}},
                         {"features", std::int64_t{16}},
                         {"stem", std::int64_t{8}},
                         {"level_channels", std::string("8,16")},
                         {"context_unet.attention", std::string("0,1")},
                         {"context_unet.blocks", std::int64_t{1}},
                         {"sample_columns", std::int64_t{1}}};
    request.out = folder / (std::string(recipe) + ".safetensors");
    const JobId job{++id};
    engine.send(StartTraining{job, request});
    finish(engine, job);

    TrainRequest tune = small_request(folder);
    tune.recipe = "finetune";
    tune.init = request.out;
    tune.preprocessing.renames = {{"ring", "hoop"}};
    tune.overrides = {{"steps", std::int64_t{3}}, {"batch", std::int64_t{4}}, {"sample_every", std::int64_t{0}}};
    tune.out = folder / "tuned.safetensors";
    const JobId next{++id};
    engine.send(StartTraining{next, tune});
    finish(engine, next);
    const Model model = load_model(tune.out), base = load_model(request.out);
    CHECK((model.classes == std::vector<std::string>{"cross", "hoop"}));
    CHECK(model.network_id == base.network_id);
    CHECK((model.diffusion.prediction == Prediction::kEpsilon));
    CHECK((model.diffusion.schedule == base.diffusion.schedule));
    CHECK(all<Note>(engine, next).front().message.find("1 of 2 classes") != std::string::npos);
    CHECK(fs::exists(folder / "tuned.run/best.safetensors"));
  }
}
