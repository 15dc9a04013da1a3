#include "engine/pixelart/canvas.h"

#include <doctest/doctest.h>

#include "tests/engine/quality/support.h"

using namespace kiln;
using kiln::test::image_of;

namespace {

bool is(const Canvas& canvas, int x, int y, const Rgb8& colour) {
  const auto* pixel = canvas.image().pixel(x, y);
  return Rgb8{pixel[0], pixel[1], pixel[2]} == colour && pixel[3] == 255;
}

constexpr Rgb8 kWhite{255, 255, 255}, kBlack{0, 0, 0}, kRed{255, 0, 0};

}  // namespace

TEST_CASE("sprites are drawn in squares over what is there, and nothing outside") {
  Canvas canvas(8, 8, kWhite);
  canvas.draw(image_of("#. .#"), 2, 2, 2);
  CHECK(is(canvas, 2, 2, kBlack));
  CHECK(is(canvas, 3, 3, kBlack));
  CHECK(is(canvas, 4, 2, kWhite));
  CHECK(is(canvas, 5, 5, kBlack));
  canvas.draw(image_of("## ##"), 7, 7, 4);
  canvas.draw(image_of("## ##"), -3, -3, 2);
  CHECK(is(canvas, 7, 7, kBlack));
  CHECK(is(canvas, 0, 0, kBlack));
  canvas.fill({-5, 4, 7, 100}, kRed);
  CHECK(is(canvas, 1, 7, kRed));
  CHECK(is(canvas, 2, 7, kWhite));
}

TEST_CASE("letters are written, small ones as capitals, unknown ones as question marks") {
  const auto written = [](const std::string& text) {
    Canvas canvas(40, 8, kWhite);
    canvas.write(text, 0, 0, kBlack);
    return canvas.image();
  };
  CHECK(written("axe") == written("AXE"));
  CHECK(written("é!") == written("??"));
  CHECK(written("1") != written("7"));
  Canvas canvas(12, 14, kWhite);
  canvas.write("L", 0, 0, kBlack, 2);
  CHECK(is(canvas, 0, 0, kBlack));
  CHECK(is(canvas, 9, 13, kBlack));
  CHECK(is(canvas, 9, 0, kWhite));
}
