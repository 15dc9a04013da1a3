#include "engine/data/duplicates.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/engine/data/support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

std::vector<int> groups_of(const std::vector<Image>& images) {
  std::vector<std::pair<int, Image>> sprites;
  for (const auto& image : images) sprites.emplace_back(0, image);
  return duplicate_groups(set_of({"a"}, sprites));
}

bool together(const Image& a, const Image& b) { return groups_of({a, b}) == std::vector<int>{0, 0}; }

// Every pixel of its own colour, opaque all over.
Image photograph(int side, std::uint64_t seed) {
  Image image(side, side);
  for (int i = 0; i < side * side; ++i) {
    CounterRandom random(seed, 3, static_cast<std::uint64_t>(i));
    set_pixel(image, i % side, i / side,
              {static_cast<std::uint8_t>(random.below(256)), static_cast<std::uint8_t>(random.below(256)),
               static_cast<std::uint8_t>(random.below(256))});
  }
  return image;
}

Image disc(const std::vector<Rgb8>& shades) {
  Image image(16, 16);
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x) {
      if ((2 * x - 15) * (2 * x - 15) + (2 * y - 15) * (2 * y - 15) > 170) continue;
      set_pixel(image, x, y, shades[static_cast<std::size_t>(y) * shades.size() / 16]);
    }
  }
  return image;
}

// By all pairs, or by keys in common.
std::vector<int> searched(const std::vector<Image>& images, std::size_t all_pairs) {
  std::vector<const Image*> pointers;
  for (const Image& image : images) pointers.push_back(&image);
  DuplicateSearch search(pointers, all_pairs);
  for (std::size_t i = 0; i < search.count(); ++i) search.look_at(i);
  for (std::size_t i = 0; i < search.count(); ++i) search.compare(i);
  return search.groups();
}

// The image with some of its pixels white.
Image retouched(Image image, std::uint64_t seed, int pixels) {
  for (int i = 0; i < pixels; ++i) {
    CounterRandom random(seed, 9, static_cast<std::uint64_t>(i));
    set_pixel(image, 3 + static_cast<int>(random.below(9)), 2 + static_cast<int>(random.below(12)), {255, 255, 255});
  }
  return image;
}

}  // namespace

TEST_CASE("copies belong together, however mirrored, recoloured or retouched") {
  const Image original = drawing(1, 1);
  CHECK(together(original, original));
  CHECK(together(original, mirrored(original)));
  CHECK(together(original, drawing(1, 1, 1)));
  CHECK(together(original, mirrored(drawing(1, 1, 2))));

  Image retouched = original;
  for (int x = 4; x < 8; ++x) set_pixel(retouched, x, 8, {255, 255, 255});
  set_pixel(retouched, 0, 0, {1, 1, 1});
  CHECK(together(original, retouched));

  Image dimmer = original;  // a shade that nobody sees
  for (auto& level : dimmer.rgba) level = static_cast<std::uint8_t>(level < 250 ? level + 5 : level);
  CHECK(together(original, dimmer));

  Image hidden = original;  // what is transparent does not count
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x) {
      if (hidden.pixel(x, y)[3] == 0) set_pixel(hidden, x, y, {200, 10, 10}, 0);
    }
  }
  CHECK(together(original, hidden));
}

TEST_CASE("different drawings stay apart") {
  CHECK_FALSE(together(drawing(1, 1), drawing(2, 2)));
  CHECK_FALSE(together(drawing(1, 1), drawing(2, 1)));  // another outline
  CHECK_FALSE(together(drawing(1, 1), drawing(1, 2)));  // the same outline, drawn otherwise
  CHECK_FALSE(together(drawing(1, 1), drawing(1, 2, 1)));
  CHECK_FALSE(together(drawing(1, 1), mirrored(drawing(2, 2))));
  Image upside_down(16, 16);
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x) std::copy_n(drawing(1, 1).pixel(x, 15 - y), 4, upside_down.pixel(x, y));
  }
  CHECK_FALSE(together(drawing(1, 1), upside_down));
}

TEST_CASE("a flat shape in another colour is another sprite") {
  CHECK_FALSE(together(disc({{200, 0, 0}}), disc({{0, 0, 200}})));
  CHECK_FALSE(together(disc({{200, 0, 0}, {100, 0, 0}}), disc({{0, 0, 200}, {0, 0, 100}})));
  CHECK(together(disc({{200, 0, 0}}), disc({{195, 5, 0}})));
}

TEST_CASE("pictures of very many colours are told apart, and their copies found") {
  for (const int side : {16, 32}) {
    CAPTURE(side);
    const Image picture = photograph(side, 1);
    CHECK(together(picture, picture));
    CHECK(together(picture, mirrored(picture)));
    CHECK_FALSE(together(picture, photograph(side, 2)));
    Image other_below = picture;
    for (int y = side * 5 / 8; y < side; ++y) {
      for (int x = 0; x < side; ++x) set_pixel(other_below, x, y, x < side / 2 ? Rgb8{255, 255, 255} : Rgb8{0, 0, 0});
    }
    CHECK_FALSE(together(picture, other_below));
  }
}

TEST_CASE("groups are numbered in order of first appearance, and reach over steps") {
  Image step = drawing(1, 1), further = step;
  for (int x = 3; x < 12; ++x) set_pixel(step, x, 5, {255, 255, 255});
  further = step;
  for (int x = 3; x < 12; ++x) set_pixel(further, x, 9, {255, 255, 255});
  CHECK_FALSE(together(drawing(1, 1), further));
  CHECK(groups_of({drawing(3, 3), drawing(1, 1), further, drawing(2, 2), step, mirrored(drawing(2, 2))}) ==
        std::vector<int>{0, 1, 1, 2, 1, 2});
  CHECK(duplicate_groups(SpriteSet{}).empty());
  CHECK(together(Image(16, 16), Image(16, 16)));
  CHECK_FALSE(together(Image(16, 16), drawing(1, 1)));
}

TEST_CASE("in a large set, keys in common find the near copies that comparing all pairs finds") {
  std::vector<Image> images;
  for (std::uint64_t i = 0; i < 200; ++i) images.push_back(drawing(i, i));
  for (std::uint64_t i = 0; i < 200; i += 5) {
    images.push_back(drawing(i, i));
    images.push_back(mirrored(drawing(i, i)));
    images.push_back(drawing(i, i, 1));
    images.push_back(retouched(drawing(i, i), i, 4));
  }
  const std::vector<int> groups = searched(images, images.size());
  CHECK(*std::max_element(groups.begin(), groups.end()) == 199);
  CHECK(searched(images, 0) == groups);
}

TEST_CASE("tiles that are opaque all over are told apart in a large set, too, and their copies found") {
  std::vector<Image> images;
  for (std::uint64_t i = 0; i < 150; ++i) images.push_back(photograph(16, i));
  for (std::uint64_t i = 0; i < 150; i += 3) images.push_back(retouched(photograph(16, i), i, 4));
  const std::vector<int> groups = searched(images, images.size());
  CHECK(*std::max_element(groups.begin(), groups.end()) == 149);
  CHECK(searched(images, 0) == groups);
}
