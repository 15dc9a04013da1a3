#include "engine/quality/pixel_statistics.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/engine/quality/support.h"

using namespace kiln;
using kiln::test::image_of;

TEST_CASE("colours, their entropy and those off the palette are counted among opaque pixels") {
  const PixelHabit habit = pixel_habit({image_of("ab ab")});
  const PixelStatistics two = pixel_statistics(image_of("aabb aabb .... ...."), habit);
  CHECK(two.colours == 2);
  CHECK(two.entropy == doctest::Approx(1));
  CHECK(two.off_palette == 0);
  const PixelStatistics four = pixel_statistics(image_of("abcd abcd .... ...."), habit);
  CHECK(four.colours == 4);
  CHECK(four.entropy == doctest::Approx(2));
  CHECK(four.off_palette == doctest::Approx(0.5));
  CHECK(pixel_statistics(image_of(".... ...."), habit).colours == 0);
}

TEST_CASE("a set of more than 256 colours has no palette to be off") {
  Image many(20, 20);
  for (int i = 0; i < 400; ++i) {
    auto* pixel = many.pixel(i % 20, i / 20);
    pixel[0] = static_cast<std::uint8_t>(i % 256);
    pixel[1] = static_cast<std::uint8_t>(i / 256);
    pixel[3] = 255;
  }
  const PixelHabit habit = pixel_habit({many});
  CHECK(habit.palette.empty());
  CHECK(std::isnan(pixel_statistics(many, habit).off_palette));
}

TEST_CASE("half-transparent pixels are a share of the visible ones") {
  Image image = image_of("aaaa ....");
  image.pixel(0, 0)[3] = 200;
  CHECK(pixel_statistics(image, {}).half_transparent == doctest::Approx(0.25));
}

TEST_CASE("a spot differs from all around it, a stray pixel has nothing around it") {
  const PixelStatistics spot = pixel_statistics(image_of("aaaaa aabaa aaaaa aaaaa"), {});
  CHECK(spot.spots == doctest::Approx(1.0 / 20));
  CHECK(spot.strays == 0);
  CHECK(pixel_statistics(image_of("aaaaa aabba aaaaa aaaaa"), {}).spots == 0);
  const PixelStatistics stray = pixel_statistics(image_of("aa... aa... ....b"), {});
  CHECK(stray.strays == 1);
  CHECK(stray.spots == 0);

  Image faint = image_of("aaa aaa aaa");
  faint.pixel(1, 1)[2] += 40;  // not to be seen
  CHECK(pixel_statistics(faint, {}).spots == 0);
}

TEST_CASE("the outline is what is as dark as the data's edges are; the picture's border is no edge") {
  const Image outlined = image_of(".###. #bbb# #bbb# .###.");
  const PixelHabit habit = pixel_habit({outlined});
  CHECK(pixel_statistics(outlined, habit).outline == 1);
  CHECK(pixel_statistics(image_of(".#b#. #bbb# #bbb# .###."), habit).outline == 1);  // at the border, beside nothing transparent
  CHECK(pixel_statistics(image_of("...... .####. .bbbb. ......"), habit).outline == doctest::Approx(0.5));
  CHECK(std::isnan(pixel_statistics(image_of("bbb bbb bbb"), habit).outline));
}

TEST_CASE("symmetry is seen wherever the sprite lies") {
  CHECK(pixel_statistics(image_of(".aba ..b. .aba"), {}).symmetric);
  CHECK_FALSE(pixel_statistics(image_of(".abb ..b. .aba"), {}).symmetric);
  CHECK_FALSE(pixel_statistics(image_of("...."), {}).symmetric);
}

TEST_CASE("Wasserstein-1 is how far one distribution has to be moved to be the other") {
  CHECK(wasserstein_distance({1, 2, 3}, {3, 1, 2}) == 0);
  CHECK(wasserstein_distance({1, 2, 3}, {4, 5, 6}) == doctest::Approx(3));
  CHECK(wasserstein_distance({0, 0, 0, 4}, {0}) == doctest::Approx(1));
  CHECK(wasserstein_distance({0, 1}, {0, 0, 1, 1}) == doctest::Approx(0));
  CHECK(wasserstein_distance({}, {1}) == 0);
}
