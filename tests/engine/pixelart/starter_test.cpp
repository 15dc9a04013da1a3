#include "engine/pixelart/starter.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "engine/pixelart/alpha.h"
#include "engine/pixelart/colours.h"
#include "engine/pixelart/crop.h"
#include "engine/pixelart/oklab.h"
#include "support.h"

using namespace kiln;
using namespace kiln::test;

TEST_CASE("the starter set has classes enough, and each sprite is a game sprite in form") {
  CHECK(starter_classes().size() >= 8);
  for (const std::string& name : starter_classes()) {
    for (const int size : {16, 32}) {
      for (std::uint64_t seed = 0; seed < 40; ++seed) {
        CAPTURE(name);
        CAPTURE(size);
        CAPTURE(seed);
        const Image sprite = draw_starter_sprite(name, size, seed);
        REQUIRE(sprite.width == size);
        REQUIRE(sprite.height == size);
        REQUIRE(alpha_kind(sprite) == AlphaKind::kHard);
        REQUIRE(with_hidden_colour_cleared(sprite) == sprite);
        const auto colours = distinct_colours(sprite);
        REQUIRE(colours.size() >= 4);
        REQUIRE(colours.size() <= 40);
        const Rect content = content_rect(sprite);
        REQUIRE(content.width >= size / 4);
        REQUIRE(content.height >= size / 3);
      }
    }
  }
}

TEST_CASE("outlines are darker than what they surround") {
  for (const std::string& name : starter_classes()) {
    const Image sprite = draw_starter_sprite(name, 32, 5);
    double edge = 0, inside = 0;
    int edge_count = 0, inside_count = 0;
    for (int y = 1; y < 31; ++y) {
      for (int x = 1; x < 31; ++x) {
        const std::uint8_t* p = sprite.pixel(x, y);
        if (p[3] == 0) continue;
        const bool at_edge =
            !sprite.pixel(x - 1, y)[3] || !sprite.pixel(x + 1, y)[3] || !sprite.pixel(x, y - 1)[3] || !sprite.pixel(x, y + 1)[3];
        const auto lightness = static_cast<double>(to_oklab({p[0], p[1], p[2]}).l);
        (at_edge ? edge : inside) += lightness;
        ++(at_edge ? edge_count : inside_count);
      }
    }
    CAPTURE(name);
    REQUIRE(inside_count > 0);
    CHECK(edge / edge_count < inside / inside_count - 0.1);
  }
}

TEST_CASE("the same seed draws the same, and no two of a class are alike") {
  for (const std::string& name : starter_classes()) {
    CAPTURE(name);
    CHECK(draw_starter_sprite(name, 16, 7) == draw_starter_sprite(name, 16, 7));
    StarterSeries series(name, 16, 1), again(name, 16, 1), other(name, 16, 2);
    std::set<std::string> distinct;
    for (int i = 0; i < 300; ++i) {
      const Image sprite = series.next();
      CHECK(sprite == again.next());
      if (i == 0) CHECK(sprite != other.next());
      distinct.emplace(sprite.rgba.begin(), sprite.rgba.end());
    }
    CHECK(distinct.size() == 300);
  }
}

TEST_CASE("the two sizes of a seed show the same thing") {
  for (const std::string& name : starter_classes()) {
    const Image small = draw_starter_sprite(name, 16, 11), large = draw_starter_sprite(name, 32, 11);
    int same = 0, total = 0;
    for (int y = 0; y < 16; ++y) {
      for (int x = 0; x < 16; ++x) {
        const int filled = large.pixel(2 * x, 2 * y)[3] / 255 + large.pixel(2 * x + 1, 2 * y)[3] / 255 +
                           large.pixel(2 * x, 2 * y + 1)[3] / 255 + large.pixel(2 * x + 1, 2 * y + 1)[3] / 255;
        same += (small.pixel(x, y)[3] != 0) == (filled >= 2);
        ++total;
      }
    }
    CAPTURE(name);
    CHECK(same > total * 4 / 5);
  }
}

TEST_CASE("what cannot be drawn") {
  CHECK(code_of([] { draw_starter_sprite("dragon", 16, 0); }) == ErrorCode::kInvalidArgument);
  CHECK(code_of([] { draw_starter_sprite("coin", 24, 0); }) == ErrorCode::kInvalidArgument);
  try {
    draw_starter_sprite("swrod", 16, 0);
  } catch (const Failure& failure) {
    CHECK(failure.error().hint == "did you mean “sword”?");
  }
}

TEST_CASE("animations: every frame differs from the others, shows the same one, and is where the one before was") {
  for (const std::string& name : animated_starter_classes()) {
    for (const int size : {16, 32}) {
      for (std::uint64_t seed = 0; seed < 20; ++seed) {
        CAPTURE(name);
        CAPTURE(seed);
        const std::vector<Image> frames = draw_starter_frames(name, size, seed);
        REQUIRE(frames.size() >= 4);
        CHECK(draw_starter_frames(name, size, seed) == frames);
        CHECK(draw_starter_sprite(name, size, seed) == frames.front());
        const auto colours = distinct_colours(frames.front());
        double overlap = 0;
        for (std::size_t i = 0; i < frames.size(); ++i) {
          CHECK(alpha_kind(frames[i]) == AlphaKind::kHard);
          std::size_t known = 0, both = 0, either = 0;
          const auto own = distinct_colours(frames[i]);
          for (const Rgb8& colour : own) known += static_cast<std::size_t>(std::count(colours.begin(), colours.end(), colour));
          CHECK(known * 2 > own.size());
          for (std::size_t j = 0; j < i; ++j) CHECK(!(frames[i] == frames[j]));
          const Image& before = frames[i == 0 ? 0 : i - 1];
          for (std::size_t p = 3; p < before.rgba.size(); p += 4) {
            both += before.rgba[p] > 0 && frames[i].rgba[p] > 0;
            either += before.rgba[p] > 0 || frames[i].rgba[p] > 0;
          }
          overlap += static_cast<double>(both) / static_cast<double>(either);
        }
        CHECK((overlap - 1) / static_cast<double>(frames.size() - 1) > 0.4);
      }
    }
  }
}
