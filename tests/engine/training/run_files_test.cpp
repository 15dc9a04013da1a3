#include <cmath>
#include <fstream>
#include <thread>

#include "engine/training/metrics_file.h"
#include "engine/training/neighbours.h"
#include "engine/training/run_folder.h"
#include "engine/training/run_record.h"
#include "engine/training/strip_file.h"
#include "tests/engine/training/support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

Image filled(std::uint8_t r, std::uint8_t g, std::uint8_t b, std::uint8_t a, int side = 2) {
  Image image(side, side);
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    image.rgba[i] = r;
    image.rgba[i + 1] = g;
    image.rgba[i + 2] = b;
    image.rgba[i + 3] = a;
  }
  return image;
}

double distance(const Image& sample, const Image& sprite) {
  SpriteSet set;
  set.width = sprite.width, set.height = sprite.height;
  set.sprites.resize(1);
  set.sprites[0].image = sprite;
  return NearestSprites(set, {0}).nearest(sample).distance;
}

}  // namespace

// By hand: √(mean of the four squared differences).
TEST_CASE("the distance of two sprites is that of its definition") {
  CHECK(distance(filled(9, 8, 7, 255), filled(9, 8, 7, 255)) == 0);
  CHECK(distance(filled(0, 0, 0, 0), filled(255, 255, 255, 255)) == doctest::Approx(1.0));
  CHECK(distance(filled(0, 0, 0, 0), filled(0, 0, 0, 255)) == doctest::Approx(0.5));       // alpha alone: √(1/4)
  CHECK(distance(filled(200, 0, 0, 0), filled(0, 90, 0, 0)) == 0);                         // what is transparent has no colour
  CHECK(distance(filled(51, 0, 0, 255), filled(102, 0, 0, 255)) == doctest::Approx(0.1));  // √(0.2² / 4)
  CHECK(distance(filled(255, 0, 0, 255), filled(255, 0, 0, 51)) == doctest::Approx(0.56568542));  // √((0.8² + 0.8²) / 4)
  Image half = filled(0, 0, 0, 0);
  for (std::size_t i = 0; i < 8; ++i) half.rgba[i] = 255;
  CHECK(distance(half, filled(0, 0, 0, 0)) == doctest::Approx(0.70710678));  // half the pixels are 1 apart in all
}

TEST_CASE("the nearest training sprite is found, and only among those that are trained on") {
  SpriteSet set;
  set.width = set.height = 2;
  set.classes = {"a"};
  set.sprites = {
      {"red.png", 0, filled(255, 0, 0, 255)}, {"green.png", 0, filled(0, 255, 0, 255)}, {"dark.png", 0, filled(120, 0, 0, 255)}};
  const NearestSprites nearest(set, {0, 1});
  CHECK(nearest.nearest(filled(250, 10, 0, 255)).file == "red.png");
  CHECK(nearest.nearest(filled(120, 0, 0, 255)).file == "red.png");
  const Neighbour same = nearest.nearest(filled(0, 255, 0, 255));
  CHECK(same.file == "green.png");
  CHECK(same.distance == 0);
  CHECK(same.image == set.sprites[1].image);
}

TEST_CASE("every metric is written and read by its key, also what an earlier version wrote") {
  TrainMetrics line;
  line.step = 7;
  double value = 1;
  for (const MetricInfo& info : train_metrics()) line.*info.value = value++;
  const TemporaryFolder scratch;
  const auto file = scratch / "metrics.jsonl";
  append_line(file, metrics_to_json(line));
  append_line(file, R"({"gradient_norm":2.0,"images_per_s":40.5,"learning_rate":0.0001,"left_s":null,"loss":0.01,)"
                    R"("loss_by_noise":[1.0,null,3.0],"memory_mb":321.0,"smoothed_loss":0.3,"step":10,"total":100,)"
                    R"("train_eval_loss":null,"validation_loss":0.25})");
  append_line(file, R"({"loss":0.01,"step":20})");
  const auto lines = read_metrics(file);
  REQUIRE(lines.size() == 3);
  for (const MetricInfo& info : train_metrics()) {
    CAPTURE(info.id);
    CHECK(lines[0].*info.value == line.*info.value);
    if (info.id != "loss") CHECK(std::isnan(lines[2].*info.value));
  }
  const TrainMetrics& old = lines[1];
  CHECK(old.total == 100);
  CHECK(old.loss == 0.01);
  CHECK(old.smoothed_loss == 0.3);
  CHECK(std::isnan(old.train_eval_loss));
  CHECK(old.validation_loss == 0.25);
  CHECK(old.learning_rate == 0.0001);
  CHECK(old.gradient_norm == 2);
  CHECK(old.images_per_s == 40.5);
  CHECK(std::isnan(old.left_s));
  CHECK(old.memory_mb == 321);
  REQUIRE(old.loss_by_noise.size() == 3);
  CHECK(old.loss_by_noise[2] == 3);
}

TEST_CASE("what is measured of several processes, and what was changed, is read as it was written") {
  const TemporaryFolder scratch;
  const auto file = scratch / "metrics.jsonl";
  TrainMetrics line;
  line.step = 20;
  append_line(file, metrics_to_json(line));
  line.world_size = 3;
  line.hosts = {"a", "a", "b"};
  line.rank_images_per_s = {100.04, 50.5, 75};
  line.changes = {{"learning_rate", 1e-4}, {"steps", std::int64_t{800}}};
  append_line(file, metrics_to_json(line));
  append_line(file,
              R"({"step":30,"world_size":2,"hosts":["only one"],"rank_images_per_s":[1,null],"changes":{"steps":[1],"x":1}})");
  append_line(file, R"({"step":40,"world_size":-4,"rank_images_per_s":[1]})");
  const auto lines = read_metrics(file);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].world_size == 1);
  CHECK(lines[0].changes.empty());
  CHECK(lines[1].world_size == 3);
  CHECK((lines[1].hosts == line.hosts));
  CHECK((lines[1].rank_images_per_s == std::vector<double>{100, 50.5, 75}));  // to a tenth
  CHECK((lines[1].changes == line.changes));
  CHECK(lines[2].world_size == 2);
  CHECK(lines[2].hosts.empty());
  CHECK(lines[2].rank_images_per_s.size() == 2);
  CHECK(lines[2].changes.empty());
  CHECK(lines[3].world_size == 1);
  CHECK(lines[3].rank_images_per_s.empty());
}

TEST_CASE("metrics survive their file; a line that was cut off and lines of a continuation that was given up are left out") {
  const TemporaryFolder scratch;
  const auto file = scratch / "metrics.jsonl";
  CHECK(read_metrics(file).empty());
  const double nan = std::nan("");
  for (std::int64_t step = 10; step <= 50; step += 10) {
    TrainMetrics line;
    line.step = step;
    line.total = 100;
    line.loss = 0.1 / static_cast<double>(step);
    if (step == 30) line.validation_loss = 0.25;
    if (step == 30) line.loss_by_noise = {1, nan, 3};
    if (step != 10) line.left_s = 12;
    line.memory_mb = 321;
    append_line(file, metrics_to_json(line));
  }
  std::ofstream(file, std::ios::app) << "{\"step\": 60, \"lo";
  const auto lines = read_metrics(file);
  REQUIRE(lines.size() == 5);
  CHECK(lines[0].loss == 0.01);
  CHECK(std::isnan(lines[0].left_s));
  CHECK(std::isnan(lines[0].validation_loss));
  CHECK(lines[2].validation_loss == 0.25);
  REQUIRE(lines[2].loss_by_noise.size() == 3);
  CHECK(std::isnan(lines[2].loss_by_noise[1]));
  CHECK(lines[2].loss_by_noise[2] == 3);
  CHECK(lines[4].left_s == 12);
  CHECK(lines[4].memory_mb == 321);
  trim_metrics(file, 30);
  REQUIRE(read_metrics(file).size() == 3);
  TrainMetrics again;
  again.step = 40;
  append_line(file, metrics_to_json(again));
  CHECK(read_metrics(file).back().step == 40);
  CHECK(read_metrics(file).size() == 4);
}

TEST_CASE("a strip survives its files, and those of later steps can be taken away") {
  const TemporaryFolder scratch;
  SampleStrip strip{500, 2, {"Äxte", "bow"}, {}, {}};
  for (std::uint8_t i = 0; i < 4; ++i) {
    strip.sprites.push_back(filled(static_cast<std::uint8_t>(10 * i), 1, 2, 255, 3));
    strip.neighbours.push_back(
        {"a/" + std::to_string(i) + ".png", filled(3, static_cast<std::uint8_t>(20 * i), 2, 255, 3), 0.125 * i});
  }
  CHECK_FALSE(has_strip(scratch.path(), 500));
  write_strip(scratch.path(), strip);
  CHECK(has_strip(scratch.path(), 500));
  strip.step = 1000;
  write_strip(scratch.path(), strip);
  write_file(scratch / "strips/00000700.json", std::string_view("{}"));
  CHECK((strip_steps(scratch.path()) == std::vector<std::int64_t>{500, 700, 1000}));
  CHECK_FALSE(read_strip(scratch.path(), 700));
  CHECK_FALSE(read_strip(scratch.path(), 800));
  const auto again = read_strip(scratch.path(), 1000);
  REQUIRE(again);
  CHECK(again->step == 1000);
  CHECK((again->classes == strip.classes));
  CHECK((again->sprites == strip.sprites));
  CHECK(again->neighbours[3].image == strip.neighbours[3].image);
  CHECK(again->neighbours[3].distance == 0.375);
  CHECK(again->neighbours[3].file == "a/3.png");
  trim_strips(scratch.path(), 600);
  CHECK((strip_steps(scratch.path()) == std::vector<std::int64_t>{500}));
  CHECK_FALSE(std::filesystem::exists(scratch / "strips/00001000.png"));
}

TEST_CASE("what a run was asked for survives") {
  RunRecord record;
  record.source = {"/some/where.npy", CellGrid{8, 9, 1, 2, 3, 4}, "labels.npy", {"a", "b"}, {"x.png"}};
  record.preprocessing = {.renames = {{"a", "c"}, {"b", "c"}},
                          .drop_classes = {"d"},
                          .flip_classes = {"c"},
                          .background_to_alpha = true,
                          .hard_alpha = true,
                          .drop_empty = true,
                          .downscale = kDetectFactor,
                          .crop = true,
                          .pad = {20, 21},
                          .palette = "auto:16",
                          .drop_duplicates = true,
                          .drop_near_duplicates = true};
  record.out = "m.safetensors";
  record.credits = "Ä. Artist";
  CHECK((record_from_json(record_to_json(record), "it") == record));
  CHECK(record_to_json(record).find("\"preprocessing\"") != std::string::npos);
  CHECK((record_from_json(record_to_json({}), "it") == RunRecord{}));
  CHECK(error_of([] { record_from_json("{\"source\": 3}", "it"); }).code == ErrorCode::kCorrupt);
}

TEST_CASE("the record of a run of an earlier version is read") {
  const RunRecord record = record_from_json(R"({
  "credits": "A. Artist",
  "init": "",
  "licence": "CC0",
  "out": "m.safetensors",
  "remedies": {
    "auto_downscale": true,
    "background_to_alpha": false,
    "crop": true,
    "downscale": 1,
    "drop_classes": ["junk"],
    "drop_duplicates": true,
    "drop_empty": false,
    "drop_near_duplicates": false,
    "flip_classes": ["*"],
    "hard_alpha": false,
    "pad": [20, 21],
    "palette": "auto:16",
    "renames": [["a", "c"]]
  },
  "source": {
    "class_names": ["a", "b"],
    "files": [],
    "grid": {"cell": [8, 9], "offset": [1, 2], "spacing": [3, 4]},
    "labels": "",
    "path": "/some/sheets"
  }
})",
                                            "it");
  CHECK((record.source == SpriteSource{"/some/sheets", CellGrid{8, 9, 1, 2, 3, 4}, "", {"a", "b"}, {}}));
  CHECK((record.preprocessing == Preprocessing{.renames = {{"a", "c"}},
                                               .drop_classes = {"junk"},
                                               .flip_classes = {"*"},
                                               .downscale = kDetectFactor,
                                               .crop = true,
                                               .pad = {20, 21},
                                               .palette = "auto:16",
                                               .drop_duplicates = true}));
  CHECK(record.licence == "CC0");
  const RunRecord bare = record_from_json(R"({"source": {"path": "/some"}, "preprocessing": {"downscale": 2}})", "it");
  CHECK((bare.preprocessing == Preprocessing{.downscale = 2}));
}

TEST_CASE("a run's folder belongs to one job at a time, and an empty one goes with it") {
  const TemporaryFolder scratch;
  const auto run = scratch / "deep/mine.run";
  {
    const RunLock lock(run);
    CHECK(RunLock::is_held(run));
    CHECK(error_of([&] { RunLock{run}; }).code == ErrorCode::kInvalidArgument);
    CHECK(RunLock::is_held(run));
  }
  CHECK_FALSE(std::filesystem::exists(run));
  write_file(run / "letter.txt", std::string_view("x"));
  { const RunLock lock(run); }
  CHECK(std::filesystem::exists(run / "letter.txt"));
  CHECK_FALSE(RunLock::is_held(run));
}

TEST_CASE("asking whether a run goes on does not keep it from beginning") {
  const TemporaryFolder folder;
  const std::filesystem::path run = folder / "a.run";
  std::filesystem::create_directories(run);
  std::ofstream(run / ".lock") << "";
  std::ofstream(run / "letter.txt") << "keeps the folder";
  std::jthread asks([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) RunLock::is_held(run);
  });
  for (int i = 0; i < 300; ++i) CHECK_NOTHROW(RunLock{run});
}
