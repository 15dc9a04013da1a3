#include "engine/pixelart/strays.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace kiln;

namespace {

// '#' is an opaque pixel.
Image drawn(const std::vector<std::string>& rows) {
  Image image(static_cast<int>(rows.front().size()), static_cast<int>(rows.size()));
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)] != '#') continue;
      auto* p = image.pixel(x, y);
      p[0] = 200, p[3] = 255;
    }
  }
  return image;
}

}  // namespace

TEST_CASE("a pixel that touches nothing goes, one that touches at a corner stays") {
  const Image with = drawn({"#.......", "..####..", "..####..", "..####..", "..####..", "..####.#", "......#.", "........"});
  Image without = with;
  for (int i = 0; i < 4; ++i) without.pixel(0, 0)[i] = 0;
  CHECK(without_strays(with) == without);
  CHECK(without_strays(without) == without);
}

TEST_CASE("many single pixels are meant, and a sprite of one pixel stays") {
  const Image sparks = drawn({"#.......", "..####..", "..####..", "#.####..", "..####..", "..####..", "........", "#......#"});
  CHECK(without_strays(sparks) == sparks);
  const Image dot = drawn({"...", ".#.", "..."});
  CHECK(without_strays(dot) == dot);
  CHECK(without_strays(Image(3, 3)) == Image(3, 3));
}
