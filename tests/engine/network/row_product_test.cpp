#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "engine/network/kernels/row_product.h"

#include <doctest/doctest.h>

using namespace kiln;

TEST_CASE("a row's product is that of the definition, and the same to the bit in any company") {
  constexpr std::int64_t kIn = 37, kOut = 150, kRows = 23;
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  std::vector<float> weights(kIn * kOut), bias(kOut), rows(kRows * kIn), all(kRows * kOut), alone(kOut);
  for (auto* values : {&weights, &bias, &rows}) {
    for (float& value : *values) value = normal(random);
  }
  for (int i = 0; i <= static_cast<int>(detected_isa()); ++i) {
    CAPTURE(i);
    const RowProduct product(static_cast<Isa>(i), kIn, kOut, weights.data(), bias.data());
    product.run(rows.data(), kRows, all.data());
    double largest = 0;
    for (std::int64_t r = 0; r < kRows; ++r) {
      for (std::int64_t o = 0; o < kOut; ++o) {
        double sum = bias[static_cast<std::size_t>(o)];
        for (std::int64_t k = 0; k < kIn; ++k)
          sum += static_cast<double>(weights[static_cast<std::size_t>(o * kIn + k)]) * rows[static_cast<std::size_t>(r * kIn + k)];
        const double error = std::abs(sum - all[static_cast<std::size_t>(r * kOut + o)]);
        if (!(error <= largest)) largest = error;
      }
      product.run(rows.data() + r * kIn, 1, alone.data());
      CHECK(std::equal(alone.begin(), alone.end(), all.begin() + r * kOut));
    }
    CHECK(largest < 2e-5);
  }
}
