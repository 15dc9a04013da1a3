#include <doctest/doctest.h>

#include "engine/base/file.h"
#include "tests/engine/session/training_support.h"
#include "tests/support/text.h"

using namespace kiln;
using namespace kiln::test;

namespace {

// A model of a few steps' training, and a request to distil it.
struct Distillation {
  TemporaryFolder folder;
  Listener engine;
  TrainRequest request;

  Distillation() {
    TrainRequest teacher = small_request(folder, {{"steps", std::int64_t{4}}, {"sample_every", std::int64_t{0}}});
    teacher.credits = "the artist";
    teacher.licence = "CC0";
    engine.send(StartTraining{{1}, teacher});
    finish(engine, {1});
    request.data_of = folder / "mine.run";
    request.init = teacher.out;
    request.out = live_model_of(teacher.out).string();
    request.recipe = "distill";
    request.threads = 1;
    request.overrides = {
        {"steps", std::int64_t{4}},          {"batch", std::int64_t{10}},           {"teacher_steps", std::int64_t{12}},
        {"evaluate_every", std::int64_t{2}}, {"checkpoint_every", std::int64_t{2}}, {"sample_every", std::int64_t{2}},
        {"sample_columns", std::int64_t{1}}, {"checkpoints", std::int64_t{9}},      {"precision", std::string("fp32")}};
  }

  SampleRequest sample(const ParamMap& changes = {}) const {
    SampleRequest sampling;
    sampling.model_path = request.out;
    sampling.settings.sampler.clear();
    sampling.settings.shared_params = {
        {"count", std::int64_t{3}}, {"seed", std::int64_t{5}}, {"precision", std::string("fp32")}, {"palette", std::string("off")}};
    for (const auto& [id, value] : changes) sampling.settings.shared_params.insert_or_assign(id, value);
    return sampling;
  }

  std::vector<Sprite> sprites(JobId job, const SampleRequest& sampling) {
    engine.send(StartSampling{job, sampling});
    finish(engine, job);
    return engine.find<SpritesReady>(job)->sprites;
  }

  Error refused(JobId job, const ParamMap& changes) {
    engine.send(StartSampling{job, sample(changes)});
    finish(engine, job, Outcome::kFailed);
    return engine.ended(job)->error;
  }
};

}  // namespace

TEST_CASE("a distilled model is a run's like any other, tells what it is, and is sampled in few steps with its guidance built in") {
  Distillation d;
  d.engine.send(StartTraining{{2}, d.request});
  finish(d.engine, {2});
  CHECK(all<TrainingStrip>(d.engine, {2}).size() == 3);
  const Model live = load_model(d.request.out), teacher = load_model(d.request.init);
  CHECK(live.is_distilled());
  CHECK(live.shape.distilled);
  CHECK(live.facts.distilled_from == teacher.hash);
  CHECK(live.facts.credits == "the artist");
  CHECK(live.facts.licence == "CC0");
  CHECK(get_int(live.facts.sampling, "steps") == 2);

  d.engine.send(OpenModel{{3}, d.request.init});
  finish(d.engine, {3});
  CHECK(d.engine.find<ModelOpened>({3})->info.live == d.request.out);
  d.engine.send(OpenModel{{4}, d.request.out});
  finish(d.engine, {4});
  const ModelInfo info = d.engine.find<ModelOpened>({4})->info;
  CHECK(info.distilled);
  CHECK(info.timesteps == 4);
  CHECK(info.live.empty());

  const std::vector<Sprite> plain = d.sprites({5}, d.sample());
  REQUIRE(plain.size() == 3);
  CHECK(plain[0].recipe.settings.sampler == "ddim");
  CHECK(plain[0].recipe.steps_done == 2);
  CHECK(d.sprites({6}, d.sample())[2].image == plain[2].image);
  CHECK(d.sprites({7}, d.sample({{"count", std::int64_t{1}}, {"seed", std::int64_t{7}}}))[0].image == plain[2].image);

  CHECK(mentions(d.refused({8}, {{"steps", std::int64_t{5}}}).hint, "between 1 and 4 steps"));
  CHECK(mentions(d.refused({9}, {{"guidance", 7.0}}).hint, "between 1 and 4"));
  CHECK(mentions(d.refused({10}, {{"guidance_from", 0.3}}).hint, "guidance_from"));
  SampleRequest away = d.sample({{"guidance", 2.0}});
  away.settings.negative = {{"ring", 1}};
  CHECK(d.sprites({11}, away).size() == 3);
}

TEST_CASE("a distillation that goes on from a checkpoint ends in the same bytes, and not with another teacher") {
  Distillation d;
  d.engine.send(StartTraining{{2}, d.request});
  finish(d.engine, {2});
  const Bytes whole = read_file(d.request.out);
  fs::remove(d.request.out);
  fs::remove(d.folder / "mine-live.run/checkpoint-00000004.safetensors");
  TrainRequest rest;
  rest.run = d.folder / "mine-live.run";
  rest.out = d.request.out;
  rest.resume = true;
  d.engine.send(StartTraining{{3}, rest});
  finish(d.engine, {3});
  CHECK(read_file(d.request.out) == whole);

  TrainRequest other =
      small_request(d.folder, {{"steps", std::int64_t{2}}, {"sample_every", std::int64_t{0}}, {"seed", std::int64_t{9}}});
  other.run = d.folder / "other.run";
  d.engine.send(StartTraining{{4}, other});  // writes the teacher's file anew
  finish(d.engine, {4});
  rest.overrides["steps"] = std::int64_t{6};
  d.engine.send(StartTraining{{5}, rest});
  finish(d.engine, {5}, Outcome::kFailed);
  CHECK(mentions(d.engine.ended({5})->error.message, "not the model any more"));
  CHECK(read_file(d.request.out) == whole);
}

TEST_CASE("without a model there is nothing to distil, and none is distilled again") {
  Distillation d;
  TrainRequest none = d.request;
  none.init.clear();
  d.engine.send(StartTraining{{2}, none});
  finish(d.engine, {2}, Outcome::kFailed);
  CHECK(mentions(d.engine.ended({2})->error.hint, "--init"));
  TrainRequest eps = small_request(d.folder, {{"steps", std::int64_t{2}}, {"prediction", std::string("eps")}});
  eps.out = d.folder / "eps.safetensors";
  d.engine.send(StartTraining{{3}, eps});
  finish(d.engine, {3});
  TrainRequest of_eps = d.request;
  of_eps.init = eps.out;
  of_eps.out = d.folder / "eps-live.safetensors";
  d.engine.send(StartTraining{{4}, of_eps});
  finish(d.engine, {4}, Outcome::kFailed);
  CHECK(mentions(d.engine.ended({4})->error.message, "eps"));

  TrainRequest again = d.request;
  d.engine.send(StartTraining{{5}, d.request});
  finish(d.engine, {5});
  again.init = d.request.out;
  again.out = d.folder / "again.safetensors";
  d.engine.send(StartTraining{{6}, again});
  finish(d.engine, {6}, Outcome::kFailed);
  CHECK(mentions(d.engine.ended({6})->error.message, "few steps"));

  TrainRequest other = d.request;
  other.data_of.clear();
  other.source.path = make_data_folder(d.folder);
  other.preprocessing.renames = {{"ring", "hoop"}};
  other.out = d.folder / "other.safetensors";
  d.engine.send(StartTraining{{7}, other});
  finish(d.engine, {7}, Outcome::kFailed);
  CHECK(mentions(d.engine.ended({7})->error.message, "other classes"));
}
