#include <ATen/ATen.h>

#include "tests/engine/training/support.h"
#include "tests/support/gpu.h"
#include "tests/support/temporary_folder.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

GPU_TEST_CASE("a run on a GPU learns, and goes on on the CPU where it stopped") {
  const TemporaryFolder scratch;
  write_sprites(scratch / "data", 24);
  for (const char* precision : {"fp32", "bf16"}) {
    CAPTURE(precision);
    const ParamMap recipe = small_recipe({{"steps", std::int64_t{60}},
                                          {"evaluate_every", std::int64_t{20}},
                                          {"checkpoint_every", std::int64_t{20}},
                                          {"precision", std::string(precision)},
                                          {"ema_decay", 0.8}});
    TrainerOptions options = options_for(scratch / "data", scratch / "run", recipe);
    options.device = c10::Device(c10::kCUDA, 0);
    options.stop_at = 40;
    Trainer trainer(std::move(options));
    const auto lines = train(trainer);
    CHECK(trainer.step() == 40);
    for (const at::Tensor& parameter : trainer.model().network->parameters()) CHECK(parameter.is_cpu());

    TrainerOptions rest = options_for(scratch / "data", scratch / "run", {});
    rest.resume = checkpoint_to_resume(scratch / "run");
    Trainer on_cpu(std::move(rest));
    CHECK(on_cpu.step() == 40);
    const auto later = train(on_cpu);
    CHECK(on_cpu.step() == 60);
    CHECK(later.back().loss < 0.75 * lines.front().loss);
    CHECK(later.back().validation_loss < 0.8 * lines[1].validation_loss);
  }
}
