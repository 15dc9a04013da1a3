#include "engine/lab/class_map.h"

#include <ATen/ATen.h>
#include <doctest/doctest.h>

using namespace kiln;

TEST_CASE("classes lie along the directions in which they differ most") {
  // Principal components of the four points by numpy.linalg.svd, each axis divided by its farthest value.
  const at::Tensor points = at::tensor({0.0, 0.0, 5.0, 4.0, 1.0, 5.0, 8.0, -1.0, 5.0, 12.0, 0.5, 5.0}).reshape({4, 3});
  const ClassMap map = class_map(points, {"a", "b", "c", "d"});
  REQUIRE(map.classes.size() == 4);
  CHECK(map.classes[1].name == "b");
  const double x[] = {1, 0.33529694, -0.33583247, -0.99946447}, y[] = {0.18384012, -0.77258285, 1, -0.41125727};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(map.classes[i].x == doctest::Approx(x[i]).epsilon(1e-6));
    CHECK(map.classes[i].y == doctest::Approx(y[i]).epsilon(1e-6));
  }
  CHECK(map.explained == doctest::Approx(1));
  CHECK(class_map(points, {"a", "b", "c", "d"}).classes[2].x == map.classes[2].x);
}

TEST_CASE("what has no map has none") {
  CHECK(class_map({}, {"a", "b"}).classes.empty());
  CHECK(class_map(at::zeros({1, 4}), {"a"}).classes.empty());
  CHECK(class_map(at::zeros({3, 4}), {"a", "b", "c"}).classes.empty());
  const ClassMap line = class_map(at::tensor({0.0, 1.0, 3.0}).reshape({3, 1}), {"a", "b", "c"});
  REQUIRE(line.classes.size() == 3);
  CHECK(line.classes[0].y == 0);
  CHECK(line.explained == doctest::Approx(1));
}
