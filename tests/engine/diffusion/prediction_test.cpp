#include "engine/diffusion/prediction.h"

#include <cmath>

#include "tests/engine/diffusion/support.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

TEST_CASE("what was mixed is found again from every prediction") {
  const auto draws = wave_noise(2, {4, 3, 4, 4});
  const at::Tensor &x_0 = draws[0], &epsilon = draws[1];
  const std::vector<double> levels{0.999, 0.6, 0.1, 1e-6};
  for (const Prediction prediction : kPredictions) {
    for (int i = 0; i < 4; ++i) {
      CAPTURE(to_string(prediction));
      CAPTURE(i);
      const double level = levels[static_cast<std::size_t>(i)], signal = std::sqrt(level), noise = std::sqrt(1 - level);
      const at::Tensor x_t = signal * x_0[i] + noise * epsilon[i];
      const at::Tensor output = prediction == Prediction::kEpsilon ? epsilon[i]
                                : prediction == Prediction::kX0    ? x_0[i]
                                                                   : signal * epsilon[i] - noise * x_0[i];
      CHECK(largest_difference(predicted_x0(prediction, output, x_t, level), x_0[i]) < 1e-9);
      CHECK(largest_difference(predicted_epsilon(prediction, output, x_t, level), epsilon[i]) < 1e-9);
    }
  }
}

TEST_CASE("conversions that do not exist are refused") {
  const at::Tensor x = at::ones({1, 1, 2, 2});
  CHECK(mentions(error_of([&] { predicted_x0(Prediction::kEpsilon, x, x, 0); }).hint, "v or x0"));
  CHECK(error_of([&] { predicted_epsilon(Prediction::kX0, x, x, 1); }).code == ErrorCode::kInvalidArgument);
  CHECK(largest_difference(predicted_x0(Prediction::kV, x, x, 0), -x) == 0);
  CHECK(largest_difference(predicted_epsilon(Prediction::kX0, x, x, 0), x) == 0);
}

TEST_CASE("names of predictions") {
  for (const Prediction prediction : kPredictions) CHECK(parse_prediction(to_string(prediction)) == prediction);
  CHECK(mentions(error_of([] { parse_prediction("epsilon"); }).hint, "eps"));
}
