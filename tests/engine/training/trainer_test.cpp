#include "engine/training/trainer.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>

#include "engine/data/batches.h"
#include "engine/data/collection_reader.h"
#include "engine/training/flat_parameters.h"
#include "tests/engine/network/support.h"
#include "tests/engine/training/support.h"

using namespace kiln;
using namespace kiln::test;

TEST_CASE("the loss falls, on validation sprites too") {
  const TemporaryFolder scratch;
  write_sprites(scratch / "data", 24);
  const ParamMap recipe = small_recipe({{"steps", std::int64_t{60}},
                                        {"evaluate_every", std::int64_t{20}},
                                        {"checkpoint_every", std::int64_t{60}},
                                        {"ema_decay", 0.8}});
  Trainer trainer(options_for(scratch / "data", scratch / "run", recipe));
  CHECK(trainer.total() == 60);
  CHECK(trainer.notes().empty());
  CHECK(trainer.split().validation.size() >= 4);
  CHECK(trainer.split().train.size() + trainer.split().validation.size() == 48);
  const auto lines = train(trainer);
  CHECK(trainer.step() == 60);
  REQUIRE(lines.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    CAPTURE(i);
    CHECK(lines[i].step == static_cast<std::int64_t>(10 * (i + 1)));
    CHECK(std::isfinite(lines[i].loss));
    CHECK(lines[i].gradient_norm > 0);
    CHECK(lines[i].epoch == doctest::Approx(static_cast<double>(lines[i].step * get_int(recipe, "batch")) /
                                            static_cast<double>(trainer.split().train.size())));
    CHECK(std::isnan(lines[i].validation_loss) == (i % 2 == 0));
    CHECK(std::isnan(lines[i].train_eval_loss) == (i % 2 == 0));
    REQUIRE(lines[i].loss_by_noise.size() == (i % 2 == 0 ? 0 : kNoiseBins));
    if (i % 2 == 0) continue;
    double sum = 0;
    for (const double loss : lines[i].loss_by_noise) sum += loss;
    CHECK(sum / kNoiseBins == doctest::Approx(lines[i].train_eval_loss).epsilon(0.15));  // as many sprites in each, but for a few
  }
  CHECK(lines[5].loss < 0.75 * lines[0].loss);
  CHECK(lines[5].smoothed_loss < lines[0].smoothed_loss);
  CHECK(lines[5].validation_loss < 0.8 * lines[1].validation_loss);
  CHECK(lines[5].train_eval_loss < 0.8 * lines[1].train_eval_loss);
  CHECK(std::abs(lines[5].learning_rate - 0.02 * 3e-3) < 1e-9);

  CHECK_FALSE(trainer.advance());  // there is no more to do
  const Model model = trainer.model();
  CHECK(model.facts.steps == 60);
  CHECK(model.facts.data_fingerprint == fingerprint(trainer.set()));
  CHECK((recipe_from_json(model.facts.recipe_json, "it") == recipe));
  const Model best = load_model(scratch / "run/best.safetensors");
  CHECK(best.classes == trainer.set().classes);
  CHECK(best.facts.steps % 20 == 0);
  CHECK(best.facts.steps > 0);
}

TEST_CASE("the same recipe gives the same weights, another seed others") {
  const TemporaryFolder scratch;
  write_sprites(scratch / "data");
  const auto result = [&](std::int64_t seed) {
    Trainer trainer(options_for(scratch / "data", scratch / "run", small_recipe({{"steps", std::int64_t{4}}, {"seed", seed}})));
    train(trainer);
    save_model(trainer.model(), scratch / "m.safetensors", WeightType::kFloat32);
    return read_file(scratch / "m.safetensors");
  };
  const Bytes first = result(1);
  CHECK(result(1) == first);
  CHECK(result(2) != first);
}

TEST_CASE("the number of threads changes no more than rounding") {
  const TemporaryFolder scratch;
  write_sprites(scratch / "data");
  std::vector<double> losses;
  for (const int threads : {1, 2, 3}) {
    Trainer trainer(options_for(
        scratch / "data", scratch / "run",
        small_recipe({{"batch", std::int64_t{40}}, {"dropout", 0.5}, {"steps", std::int64_t{4}}, {"learning_rate", 1e-2}}),
        threads));
    losses.push_back(train(trainer).back().loss);
  }
  CHECK(std::abs(losses[1] - losses[0]) < 2e-4 * losses[0]);
  CHECK(std::abs(losses[2] - losses[0]) < 2e-4 * losses[0]);
}

TEST_CASE("as many checkpoints are kept as asked for, and none of an earlier run") {
  const TemporaryFolder scratch;
  write_sprites(scratch / "data");
  const auto run = [&](std::int64_t steps, std::int64_t every = 2) {
    Trainer trainer(options_for(
        scratch / "data", scratch / "run",
        small_recipe(
            {{"steps", steps}, {"checkpoint_every", every}, {"checkpoints", std::int64_t{3}}, {"batch", std::int64_t{4}}})));
    train(trainer);
    return checkpoints_in(scratch / "run");
  };
  CHECK(run(12) == std::vector<std::string>{"checkpoint-00000008.safetensors", "checkpoint-00000010.safetensors",
                                            "checkpoint-00000012.safetensors"});
  CHECK(run(4) == std::vector<std::string>{"checkpoint-00000000.safetensors", "checkpoint-00000002.safetensors",
                                           "checkpoint-00000004.safetensors"});
  CHECK(load_newest_checkpoint(scratch / "run")->state.step == 4);
  CHECK(run(3, 3) == std::vector<std::string>{"checkpoint-00000000.safetensors", "checkpoint-00000003.safetensors"});
}

TEST_CASE("augmentation labels are learned, and kept in the model's file") {
  const TemporaryFolder scratch;
  write_sprites(scratch / "data");
  const ParamMap recipe = small_recipe({{"steps", std::int64_t{4}}, {"augmentation_labels", true}, {"flips", std::string("*")}});
  Trainer trainer(options_for(scratch / "data", scratch / "run", recipe));
  train(trainer);
  save_model(trainer.model(), scratch / "m.safetensors", WeightType::kFloat32);
  const Model model = load_model(scratch / "m.safetensors");
  const at::Tensor table = model.network->named_parameters()["label_table"];
  REQUIRE(table.size(0) == kAugmentationLabels);
  CHECK(at::count_nonzero(table[0]).item<std::int64_t>() > 0);   // mirrored
  CHECK(at::count_nonzero(table[8]).item<std::int64_t>() == 0);  // moved by 8, which the recipe never does
  CHECK(model.network->forward(at::zeros({1, 4, 16, 16}), at::full({1}, 0.5), at::zeros({1, 2})).size(0) == 1);
}

TEST_CASE("a run begins with the weights of the model that it is given") {
  const TemporaryFolder scratch;
  write_sprites(scratch / "data");
  const ParamMap recipe = small_recipe({{"palette", std::string("off")}});
  ParamMap params;
  for (const auto& spec : find_network("kiln_unet").params) params[spec.id] = recipe.at(spec.id);
  const Model known = small_model({16, 16, 4, 0}, {"other", starter_classes()[1]}, params);
  save_model(known, scratch / "known.safetensors", WeightType::kFloat32);
  TrainerOptions options = options_for(scratch / "data", scratch / "run", recipe);
  options.init = (scratch / "known.safetensors").string();
  Trainer trainer(options);
  REQUIRE(trainer.notes().size() == 1);
  CHECK(trainer.notes()[0].find("1 of 2 classes") != std::string::npos);
  const Model begun = trainer.model();
  const auto sources = known.network->named_parameters();
  for (const auto& entry : begun.network->named_parameters()) {
    if (entry.key() != "class_table") CHECK_MESSAGE(at::equal(entry.value(), sources[entry.key()]), entry.key());
  }
  train(trainer, 1);
  CHECK(trainer.step() == 1);
}

TEST_CASE("a run that chooses from a palette does not merge its colours, whatever the model did that it begins with") {
  const TemporaryFolder scratch;
  write_sprites(scratch / "data");
  const ParamMap recipe = small_recipe({{"palette", std::string("8")}});
  ParamMap params;
  for (const auto& spec : find_network("kiln_unet").params) params[spec.id] = recipe.at(spec.id);
  Model known = small_model({16, 16, 4, 0}, {starter_classes()[0], starter_classes()[1]}, params);
  known.facts.sampling = {{"guidance", 2.5}, {"merge_colours", 0.06}};
  save_model(known, scratch / "known.safetensors", WeightType::kFloat32);
  TrainerOptions options = options_for(scratch / "data", scratch / "run", recipe);
  options.init = (scratch / "known.safetensors").string();
  CHECK((Trainer(options).model().facts.sampling == ParamMap{{"guidance", 2.5}}));
}

TEST_CASE("a run that diverges ends with a hint, and the last checkpoint is intact") {
  const TemporaryFolder scratch;
  write_sprites(scratch / "data");
  const ParamMap recipe = small_recipe({{"checkpoint_every", std::int64_t{2}}, {"evaluate_every", std::int64_t{100}}});
  Trainer good(options_for(scratch / "data", scratch / "run", recipe));
  train(good, 3);

  TrainingState state = load_newest_checkpoint(scratch / "run")->state;
  state.weights.fill_(1e30);  // as after a learning rate far too high
  state.step = 3;
  save_checkpoint(scratch / "run", state, 2);
  TrainerOptions options = options_for(scratch / "data", scratch / "run", recipe);
  options.resume = checkpoint_to_resume(scratch / "run");
  Trainer bad(options);
  const Error error = error_of([&] { train(bad); });
  CHECK(error.code == ErrorCode::kInvalidArgument);
  CHECK(error.message.find("diverged") != std::string::npos);
  CHECK(error.hint.find("learning rate") != std::string::npos);
  CHECK(load_newest_checkpoint(scratch / "run")->state.step == 3);
}

TEST_CASE("recipes that do not suit the data are refused before the first step") {
  const TemporaryFolder scratch;
  write_sprites(scratch / "data", 2);
  const auto refusal = [&](const ParamMap& changes) {
    return error_of([&] { Trainer(options_for(scratch / "data", scratch / "run", small_recipe(changes))); });
  };
  const Error flips = refusal({{"flips", starter_classes()[0] + ", " + starter_classes()[1] + "s"}});
  CHECK(flips.code == ErrorCode::kInvalidArgument);
  CHECK(flips.hint.find(starter_classes()[1]) != std::string::npos);
  CHECK(refusal({{"flips", std::string("*")}}).message.empty());
  CHECK(refusal({{"multipliers", std::string("1,1,1,1,1,1")}}).message.find("halved") != std::string::npos);
  CHECK(refusal({{"width", std::int64_t{512}}, {"multipliers", std::string("64,64")}}).hint.find("width") != std::string::npos);
}

TEST_CASE("without a validation split a run goes through, and with one sprite a class") {
  const TemporaryFolder scratch;
  write_sprites(scratch / "data", 1);
  Trainer trainer(options_for(scratch / "data", scratch / "run", small_recipe({{"steps", std::int64_t{4}}})));
  CHECK(trainer.split().validation.empty());
  const auto lines = train(trainer);
  REQUIRE(lines.size() == 1);
  CHECK(std::isnan(lines[0].validation_loss));
  CHECK(std::isfinite(lines[0].train_eval_loss));
  CHECK(load_model(scratch / "run/best.safetensors").facts.steps == 4);  // by the loss on training sprites
}

TEST_CASE("the split that a set brings: its part is measured on, and what it shows has no part in training") {
  const TemporaryFolder scratch;
  write_sprites(scratch / "data/train", 12);
  const ParamMap recipe = small_recipe({{"palette", std::string("off")}, {"validation_share", 0.0}});
  std::vector<std::vector<TrainMetrics>> measured;
  std::vector<at::Tensor> weights;
  for (const int first : {0, 100}) {  // the same sprites to train on, others put aside
    std::filesystem::remove_all(scratch / "data/val");
    for (const std::size_t c : {0, 1}) {
      for (int i = 0; i < 3; ++i)
        write_png(scratch / "data/val" / starter_classes()[c] / (std::to_string(i) + ".png"),
                  draw_starter_sprite(starter_classes()[c], 16, static_cast<std::uint64_t>(first + i)));
    }
    TrainerOptions options = options_for(scratch / "data", scratch / ("run" + std::to_string(first)), recipe);
    options.set = make_sprite_set(read_collection({.path = scratch / "data"}, {.hold_out = {"val"}}), "the set");
    Trainer trainer(std::move(options));
    REQUIRE(trainer.split().validation.size() == 6);
    REQUIRE(trainer.split().train.size() == 24);
    for (const int i : trainer.split().validation)
      CHECK(trainer.set().sprites[static_cast<std::size_t>(i)].file.starts_with("val/"));
    for (const int i : trainer.split().train) CHECK(trainer.set().sprites[static_cast<std::size_t>(i)].file.starts_with("train/"));
    measured.push_back(train(trainer));
    const at::NoGradGuard no_grad;
    std::vector<at::Tensor> all;
    const Model model = trainer.model();
    for (const auto& parameter : model.network->parameters()) all.push_back(parameter.flatten().clone());
    weights.push_back(at::cat(all));
  }
  CHECK(at::equal(weights[0], weights[1]));
  REQUIRE(!measured[0].empty());
  const TrainMetrics &a = measured[0].back(), &b = measured[1].back();
  CHECK(a.loss == b.loss);
  CHECK(a.train_eval_loss == b.train_eval_loss);
  CHECK(std::isfinite(a.validation_loss));
  CHECK(a.validation_loss != b.validation_loss);
}
