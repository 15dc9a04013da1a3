#include "engine/inference/distilled_run.h"

#include <ATen/ATen.h>

#include "tests/support/errors.h"
#include "tests/support/text.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

namespace {

Model distilled() {
  Model model;
  model.shape = {.classes = 2, .distilled = true};
  model.few_steps = 4;
  return model;
}

RunConfig config(int steps, double scale = 2.5) {
  RunConfig run;
  run.steps = steps;
  run.guidance.scale = scale;
  return run;
}

Error refused(const RunConfig& asked) {
  return error_of([&] {
    RunConfig run = asked;
    Conditioning conditioning(at::eye(2));
    suit_to_distilled(distilled(), run, conditioning);
  });
}

}  // namespace

TEST_CASE("guidance and number of steps go in with the condition, and take no second evaluation") {
  RunConfig run = config(2);
  Conditioning conditioning(at::eye(2));
  suit_to_distilled(distilled(), run, conditioning);
  CHECK(at::equal(conditioning.condition, at::tensor({1.0f, 0.0f, 2.5f, 2.0f, 0.0f, 1.0f, 2.5f, 2.0f}).view({2, 4})));
  CHECK(run.few_steps);
  CHECK(run.guidance.scale == 1);
  CHECK_FALSE(run.guidance.applies(1, 2));
}

TEST_CASE("what a distilled model does not know is refused with what it does") {
  CHECK(refused(config(5)).hint == "choose between 1 and 4 steps");
  CHECK(refused(config(2, 4.5)).hint == "choose between 1 and 4");
  CHECK(mentions(refused(config(2, 0)).message, "guidance 0"));
  RunConfig late = config(2), other = config(2), noisy = config(2), leading = config(2);
  late.guidance.from = 0.1;
  CHECK(mentions(refused(late).hint, "guidance_from"));
  other.sampler = "ddpm";
  noisy.sampler_params = {{"eta", 0.5}};
  leading.spacing = Spacing::kLeading;
  for (const RunConfig& run : {other, noisy, leading}) CHECK(mentions(refused(run).message, "DDIM"));
}

TEST_CASE("a negative condition is led away from by two evaluations without guidance") {
  RunConfig run = config(2);
  Conditioning conditioning(at::eye(2));
  conditioning.negative = at::zeros({2, 2});
  suit_to_distilled(distilled(), run, conditioning);
  CHECK(run.guidance.scale == 2.5);
  CHECK(run.guidance.applies(0, 2));
  CHECK(at::equal(conditioning.condition.narrow(1, 2, 2), at::tensor({1.0f, 2.0f, 1.0f, 2.0f}).view({2, 2})));
  CHECK(at::equal(conditioning.negative, at::tensor({0.0f, 0.0f, 1.0f, 2.0f, 0.0f, 0.0f, 1.0f, 2.0f}).view({2, 4})));
}
