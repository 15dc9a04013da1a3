#include "engine/diffusion/spacing.h"

#include "tests/engine/diffusion/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

using namespace kiln;
using namespace kiln::test;

using Steps = std::vector<int>;

TEST_CASE("step spacings are those of diffusers") {
  CHECK(spaced_timesteps(Spacing::kLeading, 1000, 10) == Steps{900, 800, 700, 600, 500, 400, 300, 200, 100, 0});
  CHECK(spaced_timesteps(Spacing::kTrailing, 1000, 10) == Steps{999, 899, 799, 699, 599, 499, 399, 299, 199, 99});
  CHECK(spaced_timesteps(Spacing::kLinspace, 1000, 10) == Steps{999, 888, 777, 666, 555, 444, 333, 222, 111, 0});
  CHECK(spaced_timesteps(Spacing::kLeading, 1000, 7) == Steps{852, 710, 568, 426, 284, 142, 0});
  CHECK(spaced_timesteps(Spacing::kTrailing, 1000, 7) == Steps{999, 856, 713, 570, 428, 285, 142});
  CHECK(spaced_timesteps(Spacing::kLinspace, 1000, 3) == Steps{999, 500, 0});  // 499.5 rounds to even
  CHECK(spaced_timesteps(Spacing::kTrailing, 1000, 16)[1] == 937);             // 937.5 rounds to even
  CHECK(spaced_timesteps(Spacing::kTrailing, 40, 10) == Steps{39, 35, 31, 27, 23, 19, 15, 11, 7, 3});
}

TEST_CASE("any number of steps, each different and the noisiest first") {
  for (const Spacing spacing : kSpacings) {
    for (const int length : {1, 2, 7, 40, 1000}) {
      for (int steps = 1; steps <= length; ++steps) {
        const Steps timesteps = spaced_timesteps(spacing, length, steps);
        const bool descending = std::adjacent_find(timesteps.begin(), timesteps.end(), std::less_equal<>()) == timesteps.end();
        const bool in_range = timesteps.front() < length && timesteps.back() >= 0;
        const bool from_the_top = spacing == Spacing::kLeading || timesteps.front() == length - 1;
        CAPTURE(length);
        CAPTURE(steps);
        REQUIRE((static_cast<int>(timesteps.size()) == steps && descending && in_range && from_the_top));
      }
    }
  }
}

TEST_CASE("too many steps are refused") {
  for (const int steps : {41, 0, -3}) {
    const Error error = error_of([&] { spaced_timesteps(Spacing::kTrailing, 40, steps); });
    CHECK(error.code == ErrorCode::kInvalidArgument);
    CHECK(mentions(error.hint, "40"));
  }
  CHECK(mentions(error_of([] { parse_spacing("trailin"); }).hint, "trailing"));
}
