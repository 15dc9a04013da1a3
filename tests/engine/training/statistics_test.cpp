// Networks with running statistics: BatchNorm in sprite_unet.
#include <ATen/ATen.h>

#include <cmath>

#include "engine/training/flat_buffers.h"
#include "tests/engine/network/support.h"
#include "tests/engine/training/support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

ParamMap batch_norm_recipe(const ParamMap& changes = {}) {
  ParamMap values = {{"features", std::int64_t{16}},
                     {"steps", std::int64_t{6}},
                     {"batch", std::int64_t{40}},
                     {"evaluate_every", std::int64_t{3}},
                     {"checkpoint_every", std::int64_t{3}},
                     {"validation_share", 0.2},
                     {"sample_every", std::int64_t{0}},
                     {"weights", std::string("f32")},
                     {"shift", std::int64_t{0}}};
  for (const auto& [key, value] : changes) values[key] = value;
  return make_recipe("ddpm", values);
}

at::Tensor statistics_after(const TemporaryFolder& scratch, int threads, const std::string& run) {
  Trainer trainer(options_for(scratch / "data", scratch / run, batch_norm_recipe(), threads));
  train(trainer);
  return load_newest_checkpoint(scratch / run)->state.buffers;
}

}  // namespace

TEST_CASE("buffers go into one vector and back") {
  const Model model = make_model("sprite_unet", {{"features", std::int64_t{16}}}, {16, 16, 4, 0}, {"a", "b"});
  at::Tensor flat = read_buffers(*model.network);
  REQUIRE(flat.numel() > 0);
  flat = at::arange(flat.numel()).to(at::kFloat);
  write_buffers(*model.network, flat);
  CHECK(at::equal(read_buffers(*model.network), flat));
  CHECK(read_buffers(*small_model({16, 16, 4, 0}, {"a"}).network).numel() == 0);
}

// The first norm of the network sees the first convolution's output of the batch. With weights of before the first step, its
// running mean after one step is a tenth of the mean over all sprites of the batch.
TEST_CASE("the running mean after a step is that of the whole batch") {
  const TemporaryFolder scratch;
  write_sprites(scratch / "data", 24);
  const ParamMap recipe = batch_norm_recipe({{"steps", std::int64_t{1}}});
  for (const int threads : {1, 3}) {
    Trainer trainer(options_for(scratch / "data", scratch / "run", recipe, threads));
    const Model begun = trainer.model();  // EMA weights and weights are the same at first
    const BatchSource batches(trainer.set(), trainer.split().train, 4, {{}, 0}, get_real(recipe, "balance"),
                              static_cast<std::uint64_t>(get_int(recipe, "seed")));
    const Batch batch = batches.batch(0, 40);
    const auto objective = make_objective(recipe, 2);
    const Example example =
        objective->training_example(batch.x, batch.classes, static_cast<std::uint64_t>(get_int(recipe, "seed")), 0);
    const auto parameters = begun.network->named_parameters();
    const at::Tensor out =
        at::conv2d(example.x_t, parameters["init_conv.conv1.0.weight"], parameters["init_conv.conv1.0.bias"], 1, 1);
    train(trainer);
    const Model trained = trainer.model();  // the recipe keeps no average: its statistics are the newest
    const auto buffers = trained.network->named_buffers();
    CHECK((buffers["init_conv.conv1.1.running_mean"] - 0.1 * out.mean({0, 2, 3})).abs().max().item<double>() < 1e-5);
    CHECK((buffers["init_conv.conv1.1.running_var"] - 0.9).min().item<double>() >= 0);
  }
}

TEST_CASE("the number of threads changes the statistics and the loss no more than rounding") {
  const TemporaryFolder scratch;
  write_sprites(scratch / "data", 24);
  const at::Tensor one = statistics_after(scratch, 1, "one");
  for (const int threads : {2, 3}) CHECK(relative(statistics_after(scratch, threads, "more"), one) < 2e-2);
}

TEST_CASE("a network with statistics goes on exactly, and samples by them") {
  const TemporaryFolder scratch;
  write_sprites(scratch / "data", 24);
  const ParamMap recipe = batch_norm_recipe({{"ema_decay", 0.9}});
  Trainer whole(options_for(scratch / "data", scratch / "whole", recipe, 2));
  train(whole);
  {
    Trainer first(options_for(scratch / "data", scratch / "parts", recipe, 2));
    train(first, 4);
    first.advance();
    first.checkpoint();
  }
  TrainerOptions options = options_for(scratch / "data", scratch / "parts", {}, 2);
  options.resume = checkpoint_to_resume(scratch / "parts");
  Trainer rest(options);
  train(rest);
  const std::string last = "checkpoint-00000006.safetensors";
  CHECK(read_file(scratch / "parts" / last) == read_file(scratch / "whole" / last));
  const TrainingState state = load_newest_checkpoint(scratch / "whole")->state;
  CHECK_FALSE(at::equal(state.buffers, state.ema_buffers));
  CHECK(at::equal(read_buffers(*whole.model().network), state.ema_buffers));
  save_model(whole.model(), scratch / "m.safetensors", WeightType::kFloat32);
  CHECK(at::equal(read_buffers(*load_model(scratch / "m.safetensors").network), state.ema_buffers));
}
