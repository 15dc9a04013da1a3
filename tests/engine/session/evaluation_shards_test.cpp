#include <nlohmann/json.hpp>

#include "engine/base/file.h"
#include "engine/formats/safetensors.h"
#include "tests/engine/session/evaluation_support.h"

#include <doctest/doctest.h>  // after torch

using namespace kiln;
using namespace kiln::test;

namespace {

constexpr int kShards = 3;

// 130 sprites come in runs of 64: the last shard has two of them.
EvaluateModel many(EvaluateModel command) {
  command.request.settings.shared_params["count"] = 130;
  command.request.settings.shared_params["draws"] = 2;
  return command;
}

class Evaluations {
 public:
  Evaluations() : command_(many(command_for(folder_, make_model_file(folder_), make_known_data(folder_)))) {}

  EvaluateModel command() const { return command_; }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string shard_file(int shard) const { return path("part-" + std::to_string(shard) + ".safetensors"); }
  std::vector<std::string> shard_files() const { return {shard_file(2), shard_file(0), shard_file(1)}; }

  void make_shard(int shard) {
    EvaluateModel command = command_;
    command.request.shards = kShards;
    command.request.shard = shard;
    command.request.shard_file = shard_file(shard);
    CHECK(ended(command).message == "");
  }

  Error ended(EvaluateModel command) {
    command.job = {++job_};
    engine_.send(command);
    REQUIRE(engine_.wait_for_end(command.job));
    return engine_.ended(command.job)->error;
  }
  const Report* report() const { return engine_.find<Report>({job_}); }

  Error merged(const std::vector<std::string>& files) {
    EvaluateModel command = command_;
    command.request.settings.shared_params = {{"device", "cpu"}};
    command.request.merge = files;
    return ended(command);
  }

 private:
  TemporaryFolder folder_;
  EvaluateModel command_;
  mutable Listener engine_;
  std::uint64_t job_ = 0;
};

}  // namespace

TEST_CASE("an evaluation in shards gives the numbers of one that makes all sprites itself") {
  Evaluations evaluations;
  REQUIRE(evaluations.ended(evaluations.command()).message == "");
  const Report whole = *evaluations.report();
  for (int shard = 0; shard < kShards; ++shard) evaluations.make_shard(shard);
  CHECK(read_safetensors(evaluations.shard_file(0)).tensors.at("sprites").shape.front() == 2 * 64);
  CHECK(read_safetensors(evaluations.shard_file(2)).tensors.at("sprites").shape.front() == 2 * 2);
  REQUIRE(evaluations.merged(evaluations.shard_files()).message == "");
  CHECK(evaluations.report()->json == whole.json);
  CHECK(evaluations.report()->text == whole.text);
}

TEST_CASE("shards that do not go together are refused by name") {
  Evaluations evaluations;
  for (int shard = 0; shard < kShards; ++shard) evaluations.make_shard(shard);
  const std::string a = evaluations.shard_file(0), b = evaluations.shard_file(1), c = evaluations.shard_file(2);
  const auto says = [&](const std::vector<std::string>& files, const std::vector<std::string>& words) {
    const Error error = evaluations.merged(files);
    for (const std::string& word : words) CHECK_MESSAGE(error.message.find(word) != std::string::npos, error.message);
  };
  says({a, c}, {"shard 1 of 3 is missing"});
  says({a, b, c, b}, {"part-1", "shard 1"});

  EvaluateModel other = evaluations.command();
  other.request.shards = kShards;
  other.request.shard = 1;
  other.request.shard_file = evaluations.path("other.safetensors");
  other.request.settings.shared_params["guidance"] = 4.0;
  REQUIRE(evaluations.ended(other).message == "");
  says({a, other.request.shard_file, c}, {"other.safetensors", "guidance is 4"});

  EvaluateModel asked = evaluations.command();
  asked.request.settings.shared_params = {{"draws", 3}};
  asked.request.merge = {a, b, c};
  CHECK(evaluations.ended(asked).message.find("draws 2, not 3") != std::string::npos);

  EvaluateModel fewer = evaluations.command();
  const fs::path copy = evaluations.path("fewer");
  fs::copy(fewer.request.data.path, copy, fs::copy_options::recursive);
  fs::remove(*fs::directory_iterator(copy / "axe"));
  fewer.request.settings.shared_params = {};
  fewer.request.merge = {a, b, c};
  fewer.request.data.path = copy.string();
  CHECK(evaluations.ended(fewer).message.find("part-0.safetensors” were made for other data") != std::string::npos);

  write_file(evaluations.path("cut.safetensors"), read_file(a).size() > 100 ? Bytes(100, 1) : Bytes());
  CHECK(evaluations.merged({evaluations.path("cut.safetensors"), b, c}).message.find("cut.safetensors") != std::string::npos);
  const std::string model = evaluations.command().request.model;
  says({model, b, c}, {fs::path(model).filename().string(), "no sprites of an evaluation"});
}
