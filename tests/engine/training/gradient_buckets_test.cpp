#include "engine/training/gradient_buckets.h"

#include <utility>

#include <doctest/doctest.h>

using namespace kiln;

namespace {

// Five parameters in buckets of at least four elements: those at places 4 and 3, 2, 1 and 0.
struct Given {
  using Places = std::vector<std::pair<std::int64_t, std::int64_t>>;
  const Places all = {{13, 5}, {6, 7}, {0, 6}};
  Places places;
  GradientBuckets buckets{
      {5, 1, 7, 3, 2}, 4, [this](std::int64_t first, std::int64_t count) { places.emplace_back(first, count); }};
};

}  // namespace

TEST_CASE("buckets of whole parameters, from the last to the first, are the whole gradient, each step") {
  Given given;
  for (int step = 0; step < 2; ++step) {
    given.places.clear();
    given.buckets.finish();
    CHECK(given.places == given.all);
  }
}

TEST_CASE("a bucket is given once all workers have found all of it and those before it are given") {
  Given given;
  given.buckets.found(0, 4);  // of passes that others follow
  given.buckets.found_all(1);
  CHECK(given.places.empty());
  given.buckets.begin(2);
  for (const int worker : {0, 1}) {
    for (const std::size_t parameter : {4, 2, 1, 0}) given.buckets.found(worker, parameter);
  }
  for (int time = 0; time < 2; ++time) given.buckets.found(0, 3);  // never counts for the other
  CHECK(given.places.empty());
  given.buckets.found(1, 3);
  CHECK(given.places == given.all);
  given.buckets.finish();
  CHECK(given.places == given.all);

  given.places.clear();
  given.buckets.begin(1);
  given.buckets.found(0, 3);
  given.buckets.found(0, 4);
  CHECK(given.places == Given::Places{given.all[0]});
  given.buckets.finish();
  CHECK(given.places == given.all);
}

TEST_CASE("parameters without a gradient hold up nothing once the passes are over") {
  Given given;
  given.buckets.begin(2);
  given.buckets.found_all(1);
  CHECK(given.places.empty());
  given.buckets.found_all(0);
  CHECK(given.places == given.all);
}

TEST_CASE("a step that is broken off leaves nothing to the next") {
  Given given;
  given.buckets.begin(1);
  for (const std::size_t parameter : {4, 3, 2}) given.buckets.found(0, parameter);
  CHECK(given.places.size() == 2);
  given.buckets.reset();
  given.places.clear();
  given.buckets.found_all(0);
  CHECK(given.places.empty());
  given.buckets.begin(1);
  given.buckets.found_all(0);
  CHECK(given.places == given.all);
}
