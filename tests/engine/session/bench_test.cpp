#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/session/bench/bench_parts.h"
#include "tests/engine/session/support.h"

#include <doctest/doctest.h>  // after torch

using namespace kiln;
using namespace kiln::test;

TEST_CASE("entrants take turns, and the first round counts for nothing") {
  std::string order;
  Contest contest(2);
  contest.enter([&] { order += 'a'; }, [&] { order += '('; });
  contest.enter([&] { order += 'b'; });
  REQUIRE(contest.turns() == 6);
  for (int turn = 0; turn < 6; ++turn) CHECK(contest.take(turn) == (turn < 5));
  CHECK(order == "(ab(ab(ab");
  CHECK(contest.ms(0).median >= 0);
}

TEST_CASE("a contest that takes too long ends after the first round that counts") {
  Contest contest(1000, 0);
  contest.enter([] {});
  contest.enter([] {});
  CHECK(contest.take(0));
  CHECK(contest.take(1));
  CHECK(contest.take(2));
  CHECK_FALSE(contest.take(3));
}

TEST_CASE("medians and quartiles are those of the definition") {
  const Spread five = spread_of({9, 1, 5, 3, 7});
  CHECK(five.median == 5);
  CHECK(five.low == 3);
  CHECK(five.high == 7);
  CHECK(spread_of({1, 2}).median == 1.5);
  CHECK(spread_of({}).median == 0);
  const Spread rate = rate_of({20, 10, 40}, 64);  // 64 images in 20 ms
  CHECK(rate.median == doctest::Approx(3200));
  CHECK(rate.low == doctest::Approx(1600));
  CHECK(rate.high == doctest::Approx(6400));
}

TEST_CASE("what is measured comes out as the agreed JSON") {
  TemporaryFolder folder;
  const auto model = std::make_shared<const Model>(load_model(make_model_file(folder)));
  const BenchScale scale{true, {1}};
  BenchResults results;
  for (const auto& make : {std::function<BenchPart()>([&] { return first_preview_part(model, scale); }),
                           std::function<BenchPart()>([&] { return sampling_part(model, 1, scale); }),
                           std::function<BenchPart()>([&] { return training_part(model, scale); }),
                           std::function<BenchPart()>([&] { return loss_curves_part(model, 3, scale); })}) {
    BenchPart part = make();
    for (int turn = 0; part.contest.take(turn); ++turn) {
    }
    part.report(part.contest, results);
  }
  const auto json = nlohmann::json::parse(bench_json(results));
  REQUIRE(json["sampling"].size() == 1);
  const auto& row = json["sampling"][0];
  CHECK(row["network"] == "kiln_unet 32·(1,2) 16×16");
  CHECK((row["precision"] == "bf16" || row["precision"] == "fp32"));
  for (const char* key : {"sprites", "threads", "step_ms", "eager_fp32_ms", "convolutions_ms"}) CHECK(row[key] > 0);
  REQUIRE(json["training"].size() == 1);
  for (const char* key : {"threads", "images_per_s", "eager_fp32_images_per_s", "convolutions_images_per_s"})
    CHECK(json["training"][0][key] > 0);
  CHECK(json["first_preview_ms"] > 0);
  CHECK(json.contains("peak_rss_mb"));
  REQUIRE(json["loss"]["ours"].size() == 3);
  REQUIRE(json["loss"]["eager_fp32"].size() == 3);
  // The first losses come from the same weights and the same batch; only rounding and dropped channels differ.
  CHECK(json["loss"]["ours"][0].get<double>() == doctest::Approx(json["loss"]["eager_fp32"][0].get<double>()).epsilon(0.1));
  CHECK(bench_text(results).find("× plain") != std::string::npos);
}

TEST_CASE("rows of a GPU come out beside the others, where there is one") {
  BenchResults results;
  CHECK_FALSE(nlohmann::json::parse(bench_json(results)).contains("sampling_on_gpu"));
  CHECK(bench_text(results).find("GPU") == std::string::npos);
  results.on_gpu.push_back({"kiln_unet", 16, {0.5, 0.4, 0.6}, {2, 1, 3}, {4, 3, 5}, 0.97});
  results.on_gpu.push_back({"kiln_unet", 64, {0.5, 0.4, 0.6}, {2, 1, 3}, {4, 3, 5}, {}});
  results.training_on_gpu.push_back({512, {9000, 8000, 10000}, {3000, 2000, 4000}});
  const auto document = nlohmann::json::parse(bench_json(results));
  const auto row = document["sampling_on_gpu"][0];
  CHECK(row["sprites"] == 16);
  CHECK(row["step_ms"] == 0.5);
  CHECK(row["eager_bf16_ms"] == 2);
  CHECK(row["eager_fp32_ms"] == 4);
  CHECK(row["gpu_busy"] == 0.97);
  CHECK(document["sampling_on_gpu"][1]["gpu_busy"].is_null());
  CHECK(document["training_on_gpu"][0]["batch"] == 512);
  CHECK(document["training_on_gpu"][0]["images_per_s"] == 9000);
  CHECK(document["training_on_gpu"][0]["eager_fp32_images_per_s"] == 3000);
  CHECK(bench_text(results).find("     4.00      8.00      97 %\n") != std::string::npos);  // times faster
  CHECK(bench_text(results).find("     4.00      8.00   unknown\n") != std::string::npos);
  CHECK(bench_text(results).find("     3.00\n") != std::string::npos);
}

TEST_CASE("a model that is not there cannot be measured, and that is said") {
  TemporaryFolder folder;
  Listener engine;
  engine.send(MeasureSpeed{{1}, folder / "none.safetensors", true, 0});
  REQUIRE(engine.wait_for_end({1}));
  CHECK((engine.ended({1})->outcome == Outcome::kFailed));
  CHECK((engine.ended({1})->error.code == ErrorCode::kNotFound));
}
