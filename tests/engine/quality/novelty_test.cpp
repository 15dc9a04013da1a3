#include "engine/quality/novelty.h"

#include <ATen/ATen.h>

#include "engine/quality/summaries.h"
#include "tests/engine/quality/support.h"

#include <doctest/doctest.h>  // after torch

using namespace kiln;
using namespace kiln::test;

namespace {

std::vector<const Image*> pointers_to(const std::vector<Image>& images) {
  std::vector<const Image*> all;
  for (const auto& image : images) all.push_back(&image);
  return all;
}

}  // namespace

TEST_CASE("a moved and mirrored copy is found as one") {
  const std::vector<Image> training = images_of(drawn_set(60, 1));
  const NoveltySearch search(pointers_to(training));
  const NearestMatch same = search.nearest(training[17]);
  CHECK(same.index == 17);
  CHECK(same.distance == 0);
  CHECK(same.differing == 0);
  CHECK((same.right == 0 && same.down == 0 && !same.mirrored));

  Image small = image_of("................ ................ .....####....... ....#abc#....... .....####....... .....ddd........");
  Image drawn(16, 16);
  std::copy(small.rgba.begin(), small.rgba.end(), drawn.rgba.begin());
  std::vector<Image> more = training;
  more.push_back(drawn);
  const NoveltySearch larger(pointers_to(more));
  const NearestMatch moved = larger.nearest(moved_image(drawn, true, -2, 1));
  CHECK(moved.index == 60);
  CHECK(moved.distance == 0);
  CHECK(moved.mirrored);
  CHECK(larger.nearest(moved_image(drawn, false, 3, 0)).distance > 0);  // further than is looked
}

TEST_CASE("the nearest is that of a search pixel by pixel") {
  const std::vector<Image> training = images_of(drawn_set(40, 1));
  const NoveltySearch search(pointers_to(training));
  for (const Image& sample : images_of(drawn_set(12, 99))) {
    double least = 1e9;
    for (const Image& image : training) {
      for (const bool mirrored : {false, true}) {
        for (int right = -2; right <= 2; ++right) {
          for (int down = -2; down <= 2; ++down)
            least = std::min(least, pixel_distance(moved_image(sample, mirrored, right, down), image));
        }
      }
    }
    CHECK(search.nearest(sample).distance == doctest::Approx(least));
  }
}

TEST_CASE("a training sprite that is left out is not its own nearest") {
  const std::vector<Image> training = images_of(drawn_set(30, 1));
  const NoveltySearch search(pointers_to(training));
  for (const std::size_t own : {std::size_t{0}, std::size_t{12}, std::size_t{29}}) {
    std::vector<Image> others = training;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(own));
    const NearestMatch found = search.nearest(training[own], own),
                       expected = NoveltySearch(pointers_to(others)).nearest(training[own]);
    CHECK(found.index == expected.index + (expected.index >= own ? 1 : 0));
    CHECK(found.distance == expected.distance);
    CHECK(found.differing == expected.differing);
  }
  const std::vector<Image> one = {training.front()};
  CHECK(NoveltySearch(pointers_to(one)).nearest(one.front(), 0).differing == 1);  // there is none
}

TEST_CASE("distances are over premultiplied colour, shares over what is opaque in either") {
  const Image a = image_of("#. .."), b = image_of(".. ..");
  CHECK(pixel_distance(a, b) == doctest::Approx(255.0 / 4));  // alpha of one pixel of four; its colour is black
  CHECK(differing_share(a, b) == 1);
  CHECK(differing_share(image_of("ab ab"), image_of("ab aa")) == doctest::Approx(0.25));
  CHECK(differing_share(b, b) == 0);
  Image hidden = b;
  hidden.pixel(0, 0)[0] = 200;  // the colour of nothing
  CHECK(pixel_distance(b, hidden) == 0);
}

TEST_CASE("copies, near copies and suspects are counted") {
  std::vector<NearestMatch> matches(4);
  matches[0].distance = 0;
  matches[1].distance = 3;
  matches[1].differing = 0.04;
  matches[2].distance = 8;
  matches[2].differing = 0.3;
  matches[3].distance = 20;
  matches[3].differing = 0.5;
  NoveltySummary summary;
  add_novelty(matches, 10, summary);
  CHECK(summary.exact_count == 1);
  CHECK(summary.near_count == 2);
  CHECK(summary.suspected_count == 3);
  CHECK(summary.distance.mean() == doctest::Approx(5.5));
  CHECK(is_suspect(matches[2], 10));
  CHECK_FALSE(is_suspect(matches[3], 10));
  CHECK(is_suspect(matches[1], 1));
}

TEST_CASE("quantiles are interpolated") {
  CHECK(quantile({4, 1, 3, 2, 5}, 0.5) == 3);
  CHECK(quantile({0, 10}, 0.05) == doctest::Approx(0.5));
}
