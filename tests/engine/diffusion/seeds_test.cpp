#include "engine/diffusion/seeds.h"

#include "tests/engine/diffusion/golden.h"
#include "tests/engine/diffusion/support.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

TEST_CASE("noise is that of a PyTorch CPU generator") {
  for (const auto& expected : golden::kNormals) {
    SpriteNoise noise(sprite_seeds(expected.seed, 1), 4, 16, 16);
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
  SpriteNoise many(sprite_seeds(1000, 64), 3, 16, 16), one(sprite_seeds(1037, 1), 3, 16, 16);
  for (int draw = 0; draw < 3; ++draw) CHECK(at::equal(many.draw()[37], one.draw()[0]));
}

TEST_CASE("seeds count up, over the end of the numbers too") {
  CHECK(sprite_seeds(7, 3) == std::vector<std::uint64_t>{7, 8, 9});
  CHECK(sprite_seeds(~std::uint64_t{0}, 2) == std::vector<std::uint64_t>{~std::uint64_t{0}, 0});
}

TEST_CASE("a variation is on the great circle between two seeds' noise, at every draw") {
  // torch.randn of PyTorch 1.13 with generators of seeds 41 and 7, and slerp in NumPy's arithmetic, at four places.
  struct Golden {
    double part;
    std::vector<std::vector<double>> draws;
  };
  const std::vector<Golden> goldens = {
      {0.25, {{-0.081985, -1.53532, -1.060819, 1.352347}, {-0.298048, -0.779827, -1.81651, 0.080761}}},
      {0.8, {{-0.711946, -0.325138, -0.658341, -0.635388}, {-0.161152, -0.77078, -0.785614, 0.619803}}},
  };
  for (const Golden& golden : goldens) {
    SpriteSeeds seeds({900, 7});
    seeds.variation = golden.part;
    seeds.of = 41;
    SpriteNoise noise(seeds, 2, 4, 4);
    for (const auto& values : golden.draws) {
      const at::Tensor sprite = noise.draw()[1].flatten();
      const std::int64_t places[] = {0, 5, 17, 31};
      for (std::size_t i = 0; i < values.size(); ++i) CHECK(std::abs(sprite[places[i]].item<double>() - values[i]) < 2e-6);
    }
  }
}

TEST_CASE("variation 0 and 1 are each seed's own noise, and one of the same seed stays where it is") {
  const auto second = [](double variation, std::uint64_t of) {
    SpriteSeeds seeds(sprite_seeds(5, 3));
    seeds.variation = variation;
    seeds.of = of;
    SpriteNoise noise(seeds, 4, 8, 8);
    noise.draw();
    return noise.draw();
  };
  SpriteNoise plain(sprite_seeds(5, 3), 4, 8, 8);
  plain.draw();
  const at::Tensor expected = plain.draw();
  CHECK(at::equal(second(0, 99), expected));
  CHECK(at::equal(second(1, 99), expected));
  CHECK(at::equal(second(0.4, 6)[1], expected[1]));
  CHECK(!at::equal(second(0.4, 6)[0], expected[0]));
  CHECK(!at::equal(second(0.9, 99), expected));
}
