#include <ATen/ATen.h>

#include <cmath>

#include "tests/engine/training/support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

const char* const kLast = "checkpoint-00000012.safetensors";

// Twelve steps with dropout, moves and mirroring, so that all that is random has to go on where it was.
struct Run {
  TemporaryFolder scratch;
  ParamMap recipe = small_recipe({{"dropout", 0.2}, {"flips", std::string("*")}});

  Run() { write_sprites(scratch / "data"); }
  TrainerOptions options(const std::string& run, bool resume, int threads = 1) const {
    TrainerOptions all = options_for(scratch / "data", scratch / run, recipe, threads);
    if (resume) {
      all.resume = checkpoint_to_resume(scratch / run);
      all.recipe = {};  // the checkpoint's counts
    }
    return all;
  }
  // Runs without a stop. The last checkpoint holds weights, averages, both moments and all else that a run knows.
  Bytes whole(int threads = 1) const {
    Trainer trainer(options("whole", false, threads));
    train(trainer);
    return read_file(scratch / "whole" / kLast);
  }
  // Stops after `steps` and `pieces` more pieces of work.
  void stop_at(std::int64_t steps, int pieces = 0, bool checkpoint = true, int threads = 1) const {
    Trainer trainer(options("parts", false, threads));
    train(trainer, steps);
    for (int i = 0; i < pieces; ++i) trainer.advance();
    if (checkpoint) trainer.checkpoint();
  }
  Bytes resumed(int threads = 1) const {
    Trainer trainer(options("parts", true, threads));
    train(trainer);
    return read_file(scratch / "parts" / kLast);
  }
  Error refusal() const {
    return error_of([&] { Trainer(options("parts", true)); });
  }
};

}  // namespace

TEST_CASE("stopped and gone on with, a run ends with the same bytes") {
  const Run run;
  for (const int threads : {1, 2}) {
    CAPTURE(threads);
    const Bytes expected = run.whole(threads);
    for (const auto& [steps, pieces] :
         {std::pair{7, 1}, {7, 0}, {8, 0}}) {  // in the middle of a step, after one, before a measurement
      if (threads > 1 && pieces == 0) continue;
      CAPTURE(steps);
      CAPTURE(pieces);
      std::filesystem::remove_all(run.scratch / "parts");
      run.stop_at(steps, pieces, true, threads);
      CHECK(run.resumed(threads) == expected);
    }
  }
}

TEST_CASE("a run with a palette head goes on with the same bytes, and with the same colours though the sprites have others now") {
  Run run;
  run.recipe["palette"] = std::string("6");
  const Bytes expected = run.whole();
  run.stop_at(7);
  CHECK(run.resumed() == expected);

  std::filesystem::remove_all(run.scratch / "parts");
  run.stop_at(7);
  const PaletteEntries before = checkpoint_to_resume(run.scratch / "parts").state.palette_head;
  CHECK(before.size() == 7);
  std::filesystem::remove(run.scratch / "data" / starter_classes()[0] / "0.png");
  Trainer changed(run.options("parts", true));
  const Model model = changed.model();
  CHECK((model.palette_head == before));
  CHECK(model.shape.outputs == 7);
  CHECK(model.diffusion.prediction == Prediction::kX0);
}

TEST_CASE("a resumed run tells its losses as the whole run does") {
  const Run run;
  Trainer whole(run.options("whole", false));
  const auto expected = train(whole);
  run.stop_at(7);
  Trainer rest(run.options("parts", true));
  CHECK(rest.step() == 7);
  CHECK(rest.notes().empty());
  const auto lines = train(rest);
  REQUIRE(lines.size() == 3);  // 8, 10, 12
  REQUIRE(expected.size() == 4);
  for (std::size_t i = 0; i < 3; ++i) {
    const TrainMetrics &got = lines[i], &want = expected[i + 1];
    CHECK(got.step == want.step);
    CHECK(got.smoothed_loss == want.smoothed_loss);
    CHECK(got.gradient_norm == want.gradient_norm);
    CHECK(got.learning_rate == want.learning_rate);
    if (!std::isnan(want.validation_loss)) CHECK(got.validation_loss == want.validation_loss);
    CHECK(got.loss == want.loss);
  }

  run.stop_at(8);  // between the step and its measurement, which is made up for
  Trainer late(run.options("parts", true));
  const auto late_lines = train(late);
  REQUIRE(late_lines.size() == 3);
  CHECK(late_lines[0].step == 8);
  CHECK(late_lines[0].validation_loss == expected[1].validation_loss);
  CHECK(late_lines[0].loss == expected[1].loss);
}

TEST_CASE("a checkpoint that was cut off is passed over for the one before") {
  const Run run;
  const Bytes expected = run.whole();
  run.stop_at(9, 0, false);
  REQUIRE(checkpoints_in(run.scratch / "parts") ==
          std::vector<std::string>{"checkpoint-00000004.safetensors", "checkpoint-00000008.safetensors"});
  cut_off(run.scratch / "parts/checkpoint-00000008.safetensors");
  {
    const Trainer trainer(run.options("parts", true));
    CHECK(trainer.step() == 4);
    REQUIRE(trainer.notes().size() == 1);
    CHECK(trainer.notes()[0].find("checkpoint-00000008") != std::string::npos);
  }
  CHECK(run.resumed() == expected);

  for (const auto& name : checkpoints_in(run.scratch / "parts")) cut_off(run.scratch / "parts" / name);
  CHECK(run.refusal().code == ErrorCode::kCorrupt);
  std::filesystem::remove_all(run.scratch / "parts");
  CHECK(run.refusal().code == ErrorCode::kNotFound);
}

TEST_CASE("a checkpoint whose parts do not belong together is refused") {
  const Run run;
  run.stop_at(1);
  const TrainingState good = load_newest_checkpoint(run.scratch / "parts")->state;
  for (at::Tensor TrainingState::*part :
       {&TrainingState::weights, &TrainingState::ema, &TrainingState::mean, &TrainingState::variance}) {
    TrainingState state = good;
    state.*part = (state.*part).narrow(0, 0, 10).clone();
    save_checkpoint(run.scratch / "parts", state, 1);
    CHECK(run.refusal().code == ErrorCode::kCorrupt);
  }
}

TEST_CASE("changed data is told, other classes are refused") {
  const Run run;
  run.stop_at(2);
  const auto file = run.scratch / "data" / starter_classes()[0] / "3.png";
  Image image = read_image(file);
  image.rgba[4 * 120] ^= 64;
  image.rgba[4 * 120 + 3] = 255;
  write_png(file, image);
  {
    const Trainer trainer(run.options("parts", true));
    REQUIRE(trainer.notes().size() == 1);
    CHECK(trainer.notes()[0].find("data") != std::string::npos);
  }
  write_png(run.scratch / "data/zebra/1.png", image);
  CHECK(run.refusal().code == ErrorCode::kInvalidArgument);
  CHECK(run.refusal().message.find("classes") != std::string::npos);
}

TEST_CASE("a finished run is done, and goes on when it is given more steps") {
  const Run run;
  {
    Trainer trainer(run.options("parts", false));
    train(trainer);
  }
  TrainerOptions options = run.options("parts", true);
  Trainer done(options);
  CHECK(done.step() == 12);
  CHECK_FALSE(done.advance());
  options.recipe = {{"steps", std::int64_t{14}}};
  Trainer longer(options);
  CHECK(longer.total() == 14);
  train(longer);
  CHECK(longer.step() == 14);
  CHECK(load_newest_checkpoint(run.scratch / "parts")->state.step == 14);
}

TEST_CASE("a run that was changed on its way goes on so after a stop, wherever that comes") {
  const Run run;
  const ParamMap changes = {{"learning_rate", 1e-3}, {"steps", std::int64_t{12}}};
  const auto changed_at = [&](const std::string& folder, std::int64_t step, int pieces) {
    ParamMap longer = run.recipe;
    longer["steps"] = std::int64_t{30};
    auto trainer = std::make_unique<Trainer>(options_for(run.scratch / "data", run.scratch / folder, longer));
    train(*trainer, step);
    for (int i = 0; i < pieces; ++i) trainer->advance();
    trainer->change(changes);
    return trainer;
  };
  const auto whole = changed_at("whole", 6, 0);
  CHECK(whole->total() == 12);
  train(*whole);
  const Bytes expected = read_file(run.scratch / "whole" / kLast);
  changed_at("parts", 6, 1);  // in the middle of a step, and killed at once
  CHECK(run.resumed() == expected);
}

TEST_CASE("what cannot be changed on the way is refused, and nothing changes") {
  const Run run;
  Trainer trainer(run.options("whole", false));
  train(trainer, 2);
  for (const ParamMap& changes : {ParamMap{{"batch", std::int64_t{3}}}, ParamMap{{"learning_rate", 5.0}},
                                  ParamMap{{"learning_rate", 1e-3}, {"width", std::int64_t{32}}}}) {
    CHECK(error_of([&] { trainer.change(changes); }).code == ErrorCode::kInvalidArgument);
    CHECK((trainer.recipe() == run.recipe));
  }
  trainer.change({{"steps", std::int64_t{1}}});  // fewer than are done
  CHECK(trainer.total() == 2);
  const auto lines = train(trainer);
  CHECK(trainer.step() == 2);
  REQUIRE(lines.size() == 2);
  CHECK(get_int(lines[0].changes, "steps") == 2);
  CHECK(std::isfinite(lines[1].validation_loss));
}
