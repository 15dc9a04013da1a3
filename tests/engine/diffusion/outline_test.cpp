#include "engine/diffusion/outline.h"

#include <ATen/ATen.h>
#include <doctest/doctest.h>

#include "engine/base/error.h"

namespace kiln {
namespace {

// Two sprites [2, 4, 6, 6]: the first with an opaque square of four by four that gets brighter to the right, the second empty.
at::Tensor square() {
  at::Tensor x0 = at::full({2, 4, 6, 6}, -1.0f);
  for (int x = 1; x <= 4; ++x) x0[0].narrow(0, 0, 3).narrow(1, 1, 4).select(2, x).fill_(0.2 * x);
  x0[0][3].narrow(0, 1, 4).narrow(1, 1, 4).fill_(1);
  return x0;
}

float at_pixel(const at::Tensor& pictures, int channel, int y, int x) { return pictures[0][channel][y][x].item<float>(); }

TEST_CASE("a dark outline is the opaque pixels beside transparent ones, and nothing else") {
  const at::Tensor before = square(), after = outlined(Outline::kDark, before);
  for (int y = 0; y < 6; ++y) {
    for (int x = 0; x < 6; ++x) {
      const bool opaque = x >= 1 && x <= 4 && y >= 1 && y <= 4, within = x >= 2 && x <= 3 && y >= 2 && y <= 3;
      const float wanted = opaque && !within ? -0.9f : at_pixel(before, 1, y, x);
      CHECK(at_pixel(after, 1, y, x) == doctest::Approx(wanted));
      CHECK(at_pixel(after, 3, y, x) == at_pixel(before, 3, y, x));
    }
  }
  CHECK(at::equal(after[1], before[1]));
}

TEST_CASE("the other outlines follow the colours within") {
  const at::Tensor before = square(), none = outlined(Outline::kNone, before), selective = outlined(Outline::kSelective, before);
  CHECK(at_pixel(none, 0, 1, 1) == doctest::Approx(0.4));  // the one pixel within that touches the corner
  CHECK(at_pixel(none, 0, 1, 2) == doctest::Approx(0.5));  // two of them
  CHECK(at_pixel(selective, 0, 1, 1) == doctest::Approx(1.4 * 0.4 - 1));
  CHECK(at_pixel(none, 0, 2, 2) == at_pixel(before, 0, 2, 2));
}

TEST_CASE("an outline is as strong as its alpha is sure, reaches the border, and is mirrored with its sprite") {
  at::Tensor faint = square();
  faint[0][3].mul_(0.25).sub_(0.5);  // opaque: -0.25
  CHECK(at::equal(outlined(Outline::kDark, faint), faint));
  faint[0][3].add_(0.75);  // opaque: 0.5
  CHECK(at_pixel(outlined(Outline::kDark, faint), 0, 1, 1) == doctest::Approx(0.2 + 0.5 * (-0.9 - 0.2)));
  const at::Tensor full = at::ones({1, 4, 3, 3});
  CHECK(at_pixel(outlined(Outline::kDark, full), 0, 0, 1) == doctest::Approx(-0.9));
  CHECK(at_pixel(outlined(Outline::kDark, full), 0, 1, 1) == 1);
  const at::Tensor noise = at::randn({4, 4, 8, 8});
  for (const Outline outline : {Outline::kDark, Outline::kSelective, Outline::kNone})
    CHECK(at::equal(outlined(outline, noise.flip({3})), outlined(outline, noise).flip({3})));
}

TEST_CASE("outlines have names") {
  CHECK(parse_outline("selective") == Outline::kSelective);
  CHECK_THROWS_AS(parse_outline("thick"), Failure);
}

}  // namespace
}  // namespace kiln
