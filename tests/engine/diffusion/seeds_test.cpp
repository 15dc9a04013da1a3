#include "engine/diffusion/seeds.h"

#include "tests/engine/diffusion/golden.h"
#include "tests/engine/diffusion/support.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

TEST_CASE("noise is that of a PyTorch CPU generator") {
  for (const auto& expected : golden::kNormals) {
    SpriteNoise noise({expected.seed}, 4, 16, 16);
    for (const auto& values : expected.draws) {
      const at::Tensor draw = noise.draw();
      REQUIRE(draw.sizes().vec() == std::vector<std::int64_t>{1, 4, 16, 16});
      REQUIRE((draw.scalar_type() == at::kFloat));
      for (std::size_t i = 0; i < values.size(); ++i) {
        CHECK(std::abs(draw.flatten()[expected.at[i]].item<double>() - values[i]) < 2e-6);
      }
    }
  }
}

TEST_CASE("a sprite's noise does not depend on the sprites beside it") {
  SpriteNoise many(sprite_seeds(1000, 64), 3, 16, 16), one({1037}, 3, 16, 16);
  for (int draw = 0; draw < 3; ++draw) CHECK(at::equal(many.draw()[37], one.draw()[0]));
}

TEST_CASE("seeds count up, over the end of the numbers too") {
  CHECK(sprite_seeds(7, 3) == std::vector<std::uint64_t>{7, 8, 9});
  CHECK(sprite_seeds(~std::uint64_t{0}, 2) == std::vector<std::uint64_t>{~std::uint64_t{0}, 0});
}
