#include <atomic>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "engine/benchmark/benchmark.h"
#include "engine/benchmark/cases.h"
#include "engine/benchmark/parallel.h"
#include "engine/runtime/launch.h"
#include "engine/session/devices.h"
#include "tests/engine/session/support.h"
#include "tests/support/errors.h"
#include "tests/support/source_folder.h"

#include <doctest/doctest.h>  // after torch

using namespace kiln;
using namespace kiln::test;

TEST_CASE("variants take turns, and the first round counts for nothing") {
  std::string order;
  Comparison comparison(2);
  comparison.add([&] { order += 'a'; }, [&] { order += '('; });
  comparison.add([&] { order += 'b'; });
  REQUIRE(comparison.turns() == 6);
  for (int turn = 0; turn < 6; ++turn) CHECK(comparison.take(turn) == (turn < 5));
  CHECK(order == "(ab(ab(ab");
  CHECK(comparison.ms(0).median >= 0);
}

TEST_CASE("a comparison that takes too long ends after the first round that counts") {
  Comparison comparison(1000, 0);
  comparison.add([] {});
  comparison.add([] {});
  CHECK(comparison.take(0));
  CHECK(comparison.take(1));
  CHECK(comparison.take(2));
  CHECK_FALSE(comparison.take(3));
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
  const BenchmarkScale scale{true, {1}};
  BenchmarkResults results;
  for (const auto& make : {std::function<BenchmarkCase()>([&] { return first_preview_case(model, scale); }),
                           std::function<BenchmarkCase()>([&] { return sampling_case(model, 1, scale); }),
                           std::function<BenchmarkCase()>([&] { return family_case("sprite_unet", 1, scale); }),
                           std::function<BenchmarkCase()>([&] { return parts_case(model, scale); }),
                           std::function<BenchmarkCase()>([&] { return few_steps_case(model, scale); }),
                           std::function<BenchmarkCase()>([&] { return training_case(model, scale); }),
                           std::function<BenchmarkCase()>([&] { return loss_curves_case(model, 3, scale); })}) {
    BenchmarkCase one = make();
    for (int turn = 0; one.comparison.take(turn); ++turn) {
    }
    one.report(one.comparison, results);
  }
  const auto json = nlohmann::json::parse(benchmark_json(results));
  REQUIRE(json["sampling"].size() == 1);
  const auto& row = json["sampling"][0];
  CHECK(row["network"] == "kiln_unet 32·(1,2) 16×16");
  CHECK((row["precision"] == "bf16" || row["precision"] == "fp32"));
  for (const char* key : {"sprites", "threads", "step_ms", "eager_fp32_ms", "convolutions_ms"}) CHECK(row[key] > 0);
  REQUIRE(json["families"].size() == 1);
  CHECK(json["families"][0]["network"] == "sprite_unet 16×16");
  for (const char* key : {"sprites", "threads", "step_ms", "eager_fp32_ms"}) CHECK(json["families"][0][key] > 0);
  CHECK(json["parts_ms"].size() >= 2);
  CHECK(json["parts_ms"]["Guidance and sampler"] > 0);
  REQUIRE(json["few_steps"].size() == 1);
  CHECK(json["few_steps"][0]["steps"] == 2);
  for (const char* key : {"sprites", "threads", "run_ms", "guided_run_ms"}) CHECK(json["few_steps"][0][key] > 0);
  REQUIRE(json["training"].size() == 1);
  for (const char* key : {"threads", "images_per_s", "eager_fp32_images_per_s", "convolutions_images_per_s"})
    CHECK(json["training"][0][key] > 0);
  CHECK(json["first_preview_ms"] > 0);
  CHECK(json.contains("peak_rss_mb"));
  REQUIRE(json["loss"]["ours"].size() == 3);
  REQUIRE(json["loss"]["eager_fp32"].size() == 3);
  // The first losses come from the same weights and the same batch; only rounding and dropped channels differ.
  CHECK(json["loss"]["ours"][0].get<double>() == doctest::Approx(json["loss"]["eager_fp32"][0].get<double>()).epsilon(0.1));
  CHECK(benchmark_text(results).find("× plain") != std::string::npos);
}

TEST_CASE("training in several processes is measured beside threads, and the others end with it") {
  if (!has_process_groups()) return;
  TemporaryFolder folder;
  const auto model = std::make_shared<const Model>(load_model(make_model_file(folder)));
  BenchmarkResults results;
  CHECK_FALSE(nlohmann::json::parse(benchmark_json(results)).contains("training_in_processes"));
  std::thread other;
  {
    const auto place = [port = free_port()](int rank) { return ProcessPlace{rank, 2, rank, 2, "127.0.0.1", port, false, 0}; };
    const auto join = [&] {
      other = std::thread([&model, place] { serve_training(model, join_process_group(place(1))); });
      return join_process_group(place(0));
    };
    BenchmarkCase one = processes_case(model, 2, join, {true, {1}});
    for (int turn = 0; one.comparison.take(turn); ++turn) {
    }
    one.report(one.comparison, results);
  }
  other.join();
  const auto row = nlohmann::json::parse(benchmark_json(results))["training_in_processes"];
  CHECK(row["processes"] == 2);
  for (const char* key : {"images_per_s", "threads_images_per_s"}) {
    CHECK(row[key] > 0);
    CHECK(row["spread"][key].size() == 2);
  }
  CHECK(benchmark_text(results).find("× threads") != std::string::npos);
}

TEST_CASE("a model with a palette head is measured as others are") {
  TemporaryFolder folder;
  const Model plain = load_model(make_model_file(folder));
  NetworkShape shape = plain.shape;
  shape.outputs = 3;
  Model palette = make_model("kiln_unet", plain.network_params, shape, plain.classes);
  palette.palette_head = {{0, 0, 0, 0}, {255, 0, 0, 255}, {0, 0, 255, 255}};
  palette.network->eval();
  const auto model = std::make_shared<const Model>(std::move(palette));
  BenchmarkResults results;
  for (BenchmarkCase& one : std::vector<BenchmarkCase>{sampling_case(model, 1, {true, {1}}), few_steps_case(model, {true, {1}}),
                                                       training_case(model, {true, {1}})}) {
    for (int turn = 0; one.comparison.take(turn); ++turn) {
    }
    one.report(one.comparison, results);
  }
  CHECK(results.sampling.front().step.median > 0);
  CHECK(results.few_steps.front().few.median > 0);
  CHECK(results.training.front().ours.median > 0);
}

TEST_CASE("rows of a GPU come out beside the others, where there is one") {
  BenchmarkResults results;
  CHECK_FALSE(nlohmann::json::parse(benchmark_json(results)).contains("sampling_on_gpu"));
  CHECK(benchmark_text(results).find("GPU") == std::string::npos);
  results.on_gpu.push_back({"kiln_unet", 16, {0.5, 0.4, 0.6}, {2, 1, 3}, {4, 3, 5}, 0.97});
  results.on_gpu.push_back({"kiln_unet", 64, {0.5, 0.4, 0.6}, {2, 1, 3}, {4, 3, 5}, {}});
  results.training_on_gpu.push_back({512, {9000, 8000, 10000}, {3000, 2000, 4000}});
  const auto document = nlohmann::json::parse(benchmark_json(results));
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
  CHECK(benchmark_text(results).find("     4.00      8.00      97 %\n") != std::string::npos);  // times faster
  CHECK(benchmark_text(results).find("     4.00      8.00   unknown\n") != std::string::npos);
  CHECK(benchmark_text(results).find("     3.00\n") != std::string::npos);
}

TEST_CASE("a model that is not there cannot be measured, and that is said; whoever wants no more gets no report") {
  TemporaryFolder folder;
  const auto never = [](std::int64_t, std::int64_t) { return false; };
  CHECK(error_of([&] { measure({folder / "none.safetensors", true, 0}, never); }).code == ErrorCode::kNotFound);
  if (!cuda_available()) CHECK(error_of([&] { measure({"", true, 0, "cuda"}, never); }).code == ErrorCode::kUnsupported);
  CHECK_FALSE(measure({make_model_file(folder), true, 0}, never).has_value());
  const Error few_steps = error_of([&] {
    measure({(source_folder() / "models/dawnlike16-live.safetensors").string(), true, 0}, never);
  });
  CHECK(few_steps.code == ErrorCode::kUnsupported);
  CHECK(few_steps.hint.find("distilled from") != std::string::npos);
}

TEST_CASE("what one of several threads throws comes out once all have ended") {
  std::atomic<int> ended = 0;
  const auto all = in_parallel({[&] { ++ended; }, [] { throw std::runtime_error("no memory"); }, [&] { ++ended; }});
  for (int time = 1; time <= 2; ++time) {
    CHECK_THROWS_WITH_AS(all(), "no memory", std::runtime_error);
    CHECK(ended == 2 * time);
  }
}
