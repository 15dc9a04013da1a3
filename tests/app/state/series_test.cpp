#include "app/state/series.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace kiln {
namespace {

TEST_CASE("A short series keeps every value") {
  Series series;
  for (int i = 1; i <= 5; ++i) series.add(i * 10, i * i);
  REQUIRE(series.points().size() == 5);
  CHECK(series.points()[2].x == 30);
  CHECK(series.points()[2].mean == 9);
  CHECK(series.newest() == 25);
}

TEST_CASE("What was not measured leaves no point") {
  Series series;
  series.add(1, std::numeric_limits<double>::quiet_NaN());
  series.add(2, std::numeric_limits<double>::infinity());
  CHECK(series.empty());
  CHECK_FALSE(series.newest().has_value());
}

TEST_CASE("A hundred thousand values become few points that keep the ends, the mean and every spike") {
  Series series;
  constexpr int kCount = 100'000;
  for (int i = 1; i <= kCount; ++i) series.add(i, i == 43'210 ? 1000.0 : static_cast<double>(i % 2));
  CHECK(series.points().size() <= Series::kMostPoints);
  CHECK(series.points().size() >= Series::kMostPoints / 2);
  double sum = 0, highest = 0, last = 0;
  std::size_t count = 0;
  for (const SeriesPoint& point : series.points()) {
    CHECK(point.x > last);
    last = point.x;
    sum += point.mean * static_cast<double>(point.count);
    count += point.count;
    highest = std::max(highest, point.high);
  }
  CHECK(count == kCount);
  CHECK(highest == 1000);
  CHECK(sum == doctest::Approx(50'000 + 1000));  // the spike is at an even place, where there would be 0
  CHECK(series.points().back().last_x == kCount);
}

TEST_CASE("Steps that are done again replace what was measured there") {
  Series series;
  for (int i = 1; i <= 10; ++i) series.add(i, 1);
  series.add(7, 5);
  REQUIRE(series.points().size() == 7);
  CHECK(series.points().back().mean == 5);
  CHECK(series.points()[5].x == 6);
}

TEST_CASE("What another measurement of a step leaves out stays as it was measured") {
  Series series;
  for (int i = 1; i <= 5; ++i) series.add(i, i);
  series.add(5, std::numeric_limits<double>::quiet_NaN());
  REQUIRE(series.points().size() == 5);
  CHECK(series.points().back().mean == 5);
  series.add(3, std::numeric_limits<double>::quiet_NaN());  // the run goes on from there
  REQUIRE(series.points().size() == 3);
  CHECK(series.points().back().mean == 3);
}

}  // namespace
}  // namespace kiln
