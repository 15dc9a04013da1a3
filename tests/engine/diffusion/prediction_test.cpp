#include "engine/diffusion/prediction.h"

#include "tests/engine/diffusion/support.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

namespace {

at::Tensor value(const PredictionTerms& terms, const at::Tensor& x, const at::Tensor& prediction) {
  return terms.x * x + terms.prediction * prediction;
}

}  // namespace

TEST_CASE("what was mixed is found again from every prediction") {
  const auto draws = wave_noise(2, {4, 3, 4, 4});
  const at::Tensor &x_0 = draws[0], &epsilon = draws[1];
  const std::vector<double> levels{0.999, 0.6, 0.1, 1e-6};
  const at::Tensor alpha_bar = torch::tensor(levels, at::kDouble).view({-1, 1, 1, 1});
  const at::Tensor signal = alpha_bar.sqrt(), noise = (1 - alpha_bar).sqrt();
  const at::Tensor x_t = noised(x_0, epsilon, signal, noise);
  for (const Prediction prediction : kPredictions) {
    const at::Tensor output = prediction_target(prediction, x_0, epsilon, signal, noise);
    for (int i = 0; i < 4; ++i) {
      CAPTURE(to_string(prediction));
      CAPTURE(i);
      const double level = levels[static_cast<std::size_t>(i)];
      CHECK(largest_difference(value(x0_terms(prediction, level), x_t[i], output[i]), x_0[i]) < 1e-9);
      CHECK(largest_difference(value(epsilon_terms(prediction, level), x_t[i], output[i]), epsilon[i]) < 1e-9);
    }
  }
}

TEST_CASE("v is √ᾱ ε - √(1-ᾱ) x0") {
  const at::Tensor x_0 = at::full({1, 1, 1, 1}, 0.5), epsilon = at::full({1, 1, 1, 1}, -2.0), signal = at::full({1, 1, 1, 1}, 0.6),
                   noise = at::full({1, 1, 1, 1}, 0.8);
  CHECK(noised(x_0, epsilon, signal, noise).item<double>() == doctest::Approx(0.6 * 0.5 + 0.8 * -2.0));
  CHECK(prediction_target(Prediction::kV, x_0, epsilon, signal, noise).item<double>() == doctest::Approx(0.6 * -2.0 - 0.8 * 0.5));
}

TEST_CASE("conversions that do not exist are refused") {
  CHECK(mentions(error_of([&] { x0_terms(Prediction::kEpsilon, 0); }).hint, "v or x0"));
  CHECK(error_of([&] { epsilon_terms(Prediction::kX0, 1); }).code == ErrorCode::kInvalidArgument);
  CHECK(x0_terms(Prediction::kV, 0).prediction == -1);
  CHECK(x0_terms(Prediction::kV, 0).x == 0);
  CHECK(epsilon_terms(Prediction::kX0, 0).x == 1);
  CHECK(epsilon_terms(Prediction::kX0, 0).prediction == 0);
}

TEST_CASE("names of predictions") {
  for (const Prediction prediction : kPredictions) CHECK(parse_prediction(to_string(prediction)) == prediction);
  CHECK(mentions(error_of([] { parse_prediction("epsilon"); }).hint, "eps"));
}
