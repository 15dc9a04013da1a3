#include <nlohmann/json.hpp>

#include "engine/session/bench/contest.h"
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

TEST_CASE("bench answers with all that was asked of it") {
  TemporaryFolder folder;
  Listener engine;
  engine.send(MeasureSpeed{{1}, make_model_file(folder), true, 3});
  REQUIRE(engine.wait_for_end({1}));
  REQUIRE((engine.ended({1})->outcome == Outcome::kDone));
  const auto* report = engine.find<Report>({1});
  REQUIRE(report != nullptr);
  const auto json = nlohmann::json::parse(report->json);
  const std::size_t thread_counts = json["machine"]["cores"] > 1 ? 2 : 1;
  REQUIRE(json["sampling"].size() == 3 * thread_counts);
  for (const auto& row : json["sampling"]) {
    CHECK(row["network"] == "kiln_unet 32·(1,2) 16×16");
    CHECK((row["precision"] == "bf16" || row["precision"] == "fp32"));
    for (const char* key : {"sprites", "threads", "step_ms", "eager_fp32_ms", "convolutions_ms"}) CHECK(row[key] > 0);
  }
  REQUIRE(json["training"].size() == thread_counts);
  for (const auto& row : json["training"]) {
    for (const char* key : {"threads", "images_per_s", "eager_fp32_images_per_s", "convolutions_images_per_s"}) CHECK(row[key] > 0);
  }
  CHECK(json["first_preview_ms"] > 0);
  CHECK(json["peak_rss_mb"] > 0);
  CHECK(json["loss"]["ours"].size() == 3);
  CHECK(json["loss"]["eager_fp32"].size() == 3);
  // The first losses come from the same weights and the same batch; only rounding and dropped channels differ.
  CHECK(json["loss"]["ours"][0].get<double>() == doctest::Approx(json["loss"]["eager_fp32"][0].get<double>()).epsilon(0.1));
  CHECK(report->text.find("× plain") != std::string::npos);
  REQUIRE_FALSE(engine.progress.empty());
  CHECK(engine.progress.back().step == engine.progress.back().total);
}

TEST_CASE("a model that is not there cannot be measured, and that is said") {
  TemporaryFolder folder;
  Listener engine;
  engine.send(MeasureSpeed{{1}, folder / "none.safetensors", true, 0});
  REQUIRE(engine.wait_for_end({1}));
  CHECK((engine.ended({1})->outcome == Outcome::kFailed));
  CHECK((engine.ended({1})->error.code == ErrorCode::kNotFound));
}
