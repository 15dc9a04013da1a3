#include "app/state/plot_scale.h"

#include <doctest/doctest.h>

namespace kiln {
namespace {

using Ticks = std::vector<double>;

void check_ticks(const PlotScale& scale, int most, const Ticks& wanted) {
  const Ticks ticks = round_ticks(scale, most);
  REQUIRE(ticks.size() == wanted.size());
  for (std::size_t i = 0; i < ticks.size(); ++i) CHECK(ticks[i] == doctest::Approx(wanted[i]));
}

TEST_CASE("Axes have round numbers") {
  check_ticks({0, 1, false}, 6, {0, 0.2, 0.4, 0.6, 0.8, 1});
  check_ticks({0, 1500, false}, 5, {0, 500, 1000, 1500});
  check_ticks({0.012, 0.034, false}, 4, {0.02, 0.03});
  check_ticks({-3, 7, false}, 6, {-2, 0, 2, 4, 6});
}

TEST_CASE("Logarithmic axes have powers of ten, and their doubles and fivefolds where there is room") {
  check_ticks({0.05, 2, true}, 8, {0.05, 0.1, 0.2, 0.5, 1, 2});
  check_ticks({1e-4, 10, true}, 6, {1e-4, 1e-3, 1e-2, 0.1, 1, 10});
  check_ticks({0.061, 0.079, true}, 5, {0.065, 0.07, 0.075});
}

TEST_CASE("There are never more ticks than asked for") {
  for (const double high : {1e-6, 0.3, 7.0, 12345.0, 9e8}) {
    for (int most = 2; most < 12; ++most) {
      CHECK(round_ticks({0, high, false}, most).size() <= static_cast<std::size_t>(most));
      CHECK(round_ticks({high / 5000, high, true}, most).size() <= static_cast<std::size_t>(most));
    }
  }
}

TEST_CASE("A scale holds its values, and starts at zero where that is near") {
  const PlotScale near = fitting_scale(0.1, 1, false);
  CHECK(near.low == 0);
  CHECK(near.high > 1);
  const PlotScale far = fitting_scale(10, 11, false);
  CHECK(far.low < 10);
  CHECK(far.low > 9.5);
  const PlotScale flat = fitting_scale(0.5, 0.5, false);
  CHECK(flat.high > flat.low);
  const PlotScale decades = fitting_scale(0.01, 1, true);
  CHECK(decades.logarithmic);
  CHECK(decades.place(0.1) == doctest::Approx(0.5));
  CHECK(decades.value(0.5) == doctest::Approx(0.1));
  CHECK_FALSE(fitting_scale(-1, 1, true).logarithmic);
}

TEST_CASE("Numbers are short") {
  CHECK(tick_text(0) == "0");
  CHECK(tick_text(0.05) == "0.05");
  CHECK(tick_text(1500) == "1500");
  CHECK(tick_text(20000) == "20 k");
  CHECK(tick_text(1.5e-5) == "1.5e-5");
  CHECK(tick_text(0.0002) == "2e-4");
  CHECK(number_text(0.12345) == "0.123");
  CHECK(number_text(1234.5) == "1234");
  CHECK(count_text(800) == "800");
  CHECK(count_text(12500) == "12 500");
  CHECK(count_text(1234567) == "1.23 million");
}

}  // namespace
}  // namespace kiln
