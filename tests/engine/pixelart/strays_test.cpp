#include "engine/pixelart/strays.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/base/palette.h"

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

TEST_CASE("a colour of one pixel becomes a near one of the sprite; one that stands out, and one of two pixels, stays") {
  // Distances to the grey in OKLab, from other code: near_grey 0.047, eye 0.448, pair 0.048.
  const Rgb8 grey{120, 120, 120}, near_grey{134, 134, 134}, eye{255, 255, 0}, pair{106, 106, 106};
  Image image(4, 4);
  for (int i = 0; i < 16; ++i) {
    const Rgb8 c = i == 3 ? near_grey : i == 6 ? eye : i == 8 || i == 15 ? pair : grey;
    const std::uint8_t rgba[4] = {c.r, c.g, c.b, 255};
    std::copy_n(rgba, 4, image.pixel(i % 4, i / 4));
  }
  image.pixel(0, 0)[3] = 0;  // not opaque: its colour counts for nothing
  Image expected = image;
  for (int i = 0; i < 3; ++i) expected.pixel(3, 0)[i] = 120;
  CHECK(without_stray_colours(image) == expected);
  CHECK(without_stray_colours(expected) == expected);
  CHECK(without_stray_colours(Image(2, 2)) == Image(2, 2));
}
