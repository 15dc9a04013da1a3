#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "engine/training/metrics_file.h"
#include "engine/training/run_folder.h"
#include "tests/engine/session/training_support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

// Three sprites, halved and quartered: soon known by heart.
TrainRequest few_sprites(const TemporaryFolder& folder, const ParamMap& changes = {}) {
  ParamMap values = {{"steps", std::int64_t{400}},
                     {"batch", std::int64_t{8}},
                     {"learning_rate", 1e-4},
                     {"ema_decay", 0.9},
                     {"final_rate", 1.0},
                     {"validation_share", 0.0},
                     {"evaluate_every", std::int64_t{10}},
                     {"sample_every", std::int64_t{10}},
                     {"least_novelty", 0.35},
                     {"p_uncond", 0.0}};
  for (const auto& [key, value] : changes) values[key] = value;
  TrainRequest request = small_request(folder, values);
  fs::remove_all(folder / "data");
  fs::create_directories(folder / "data/halves");
  for (int sprite = 0; sprite < 3; ++sprite) {
    Image image(16, 16);
    for (int y = 0; y < 16; ++y) {
      for (int x = 0; x < 16; ++x) {
        const bool blue = sprite == 0 ? x < 8 : sprite == 1 ? y < 8 : (x < 8) == (y < 8);
        auto* const pixel = image.pixel(x, y);
        pixel[blue ? 2 : 0] = pixel[3] = 255;
      }
    }
    write_png(folder / ("data/halves/" + std::to_string(sprite) + ".png"), image);
  }
  return request;
}

// Of the checks, which measure nothing else.
std::vector<TrainMetrics> checks(const TrainRequest& request) {
  std::vector<TrainMetrics> found;
  for (const TrainMetrics& line : read_metrics(metrics_file(fs::path(request.out).replace_extension(".run")))) {
    if (!std::isnan(line.novelty)) found.push_back(line);
  }
  return found;
}

}  // namespace

TEST_CASE("a run ends where it begins to know its sprites by heart, with the model of before, undisturbed or gone on with") {
  const TemporaryFolder folder;
  Listener engine;
  TrainRequest request = few_sprites(folder);
  engine.send(StartTraining{{1}, request});
  finish(engine, {1});
  const auto seen = checks(request);
  REQUIRE(seen.size() >= 2);
  CHECK(seen.front().near_copies == 0);
  CHECK(seen.back().novelty < 0.35);
  CHECK(seen.back().near_copies >= 0);
  CHECK(seen.back().step < 400);
  const std::int64_t kept = seen[seen.size() - 2].step;
  CHECK(std::all_of(seen.begin(), seen.end() - 1, [](const TrainMetrics& line) { return line.novelty >= 0.35; }));
  const Model model = load_model(request.out);
  CHECK(model.facts.steps == kept);
  CHECK(model.thumbnails.size() == 1);
  CHECK(load_model(folder / "mine.run/best.safetensors").facts.steps == kept);
  const auto notes = all<Note>(engine, {1});
  CHECK(std::count_if(notes.begin(), notes.end(),
                      [](const Note& note) { return note.message.find("by heart") != std::string::npos; }) == 1);
  engine.send(ListRuns{{2}, folder / ""});
  finish(engine, {2});
  CHECK(engine.find<RunsListed>({2})->runs.front().state == RunState::kFinished);

  const TemporaryFolder other;  // stopped in between: the same model in the end
  TrainRequest broken = few_sprites(other);
  engine.send(StartTraining{{3}, broken});
  REQUIRE(wait_for_step(engine, {3}, kept));
  engine.send(CancelJob{{3}, CancelMode::kSuspend});
  finish(engine, {3}, Outcome::kKept);
  broken.resume = true;
  broken.overrides = {};
  engine.send(StartTraining{{4}, broken});
  finish(engine, {4});
  CHECK(read_file(broken.out) == read_file(request.out));

  const TemporaryFolder regardless;
  const TrainRequest on = few_sprites(regardless, {{"least_novelty", 0.0}, {"steps", seen.back().step + 10}});
  engine.send(StartTraining{{5}, on});
  finish(engine, {5});
  CHECK(checks(on).empty());
  CHECK(load_model(on.out).facts.steps == seen.back().step + 10);
}
