#include <nlohmann/json.hpp>

#include "engine/formats/image_file.h"
#include "tests/engine/session/evaluation_support.h"

#include <doctest/doctest.h>  // after torch

using namespace kiln;
using namespace kiln::test;

TEST_CASE("a model is evaluated: a report, a picture, and the classifier kept for the next time") {
  TemporaryFolder folder;
  EvaluateModel command = command_for(folder, make_model_file(folder), make_known_data(folder));
  command.request.picture = (folder / "report.png").string();
  Listener engine;
  engine.send(command);
  REQUIRE(engine.wait_for_end({1}));
  CHECK(engine.ended({1})->error.message == "");
  const auto* report = engine.find<Report>({1});
  REQUIRE(report != nullptr);
  const auto json = nlohmann::json::parse(report->json);
  CHECK(json["sprites"] == 16);
  CHECK(json["comparisons"][1]["frechet"]["mean"].get<double>() > 0);
  CHECK(report->text.find("Nearest training sprite") != std::string::npos);
  REQUIRE(engine.find<Exported>({1}) != nullptr);
  CHECK(read_image(folder / "report.png").width > 100);
  CHECK(fs::exists(folder / "cache"));
  CHECK(engine.progress.size() > 0);
}

TEST_CASE("a model whose classes the data does not have, and numbers out of range, are refused") {
  TemporaryFolder folder;
  EvaluateModel command = command_for(folder, make_model_file(folder), make_data_folder(folder));
  Listener engine;
  engine.send(command);
  REQUIRE(engine.wait_for_end({1}));
  CHECK((engine.ended({1})->outcome == Outcome::kFailed));
  CHECK((engine.ended({1})->error.code == ErrorCode::kUnsupported));
  command.job = {2};
  command.request.settings.shared_params["draws"] = 0;
  engine.send(command);
  REQUIRE(engine.wait_for_end({2}));
  CHECK((engine.ended({2})->error.code == ErrorCode::kInvalidArgument));
}

TEST_CASE("what a run put aside is none of its data, but the held-out sprites") {
  TemporaryFolder folder;
  const fs::path data = make_known_data(folder);
  const fs::path parts = folder / "parts";
  fs::create_directories(parts);
  fs::copy(data, parts / "val", fs::copy_options::recursive);
  fs::rename(data, parts / "train");
  EvaluateModel command = command_for(folder, make_model_file(folder), parts.string());
  command.request.preprocessing.hold_out = {"val"};
  Listener engine;
  engine.send(command);
  REQUIRE(engine.wait_for_end({1}));
  CHECK(engine.ended({1})->error.message == "");
  const auto* report = engine.find<Report>({1});
  REQUIRE(report != nullptr);
  const auto json = nlohmann::json::parse(report->json);
  CHECK(json["sprites"] == 16);
  CHECK(json["held_out"] == 16);
}
