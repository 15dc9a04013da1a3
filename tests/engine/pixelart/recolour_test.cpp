// Expected colours were computed with NumPy in double precision, by way of XYZ, with all matches tried one by one.

#include "engine/pixelart/recolour.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <set>

#include "engine/pixelart/oklab.h"
#include "support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

Rgb8 rgb(std::uint32_t hex) {
  return {static_cast<std::uint8_t>(hex >> 16), static_cast<std::uint8_t>(hex >> 8 & 255), static_cast<std::uint8_t>(hex & 255)};
}

std::vector<Rgb8> colours(const std::vector<std::uint32_t>& hexes) {
  std::vector<Rgb8> all;
  for (const std::uint32_t hex : hexes) all.push_back(rgb(hex));
  return all;
}

ColourMap map_of(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& pairs) {
  ColourMap map;
  for (const auto& [from, to] : pairs) map[rgb(from)] = rgb(to);
  return map;
}

// DawnBringer's palette of 16.
const std::vector<Rgb8>& db16() {
  static const auto all = colours({0x140c1c, 0x442434, 0x30346d, 0x4e4a4e, 0x854c30, 0x346524, 0xd04648, 0x757161, 0x597dce,
                                   0xd27d2c, 0x8595a1, 0x6daa2c, 0xd2aa99, 0x6dc2ca, 0xdad45e, 0xdeeed6});
  return all;
}

const Palette kHandheld{"four greens", colours({0x9bbc0f, 0x0f380f, 0x8bac0f, 0x306230})};
const Palette kSixteen{"sixteen", colours({0x1a1c2c, 0x5d275d, 0xb13e53, 0xef7d57, 0xffcd75, 0xa7f070, 0x38b764, 0x257179, 0x29366f,
                                           0x3b5dc9, 0x41a6f6, 0x73eff7, 0xf4f4f4, 0x94b0c2, 0x566c86, 0x333c57})};

double lightness(Rgb8 colour) { return static_cast<double>(to_oklab(colour).l); }

Image striped(const std::vector<Rgb8>& stripes) {
  Image image(static_cast<int>(stripes.size()) + 1, 1);  // the last pixel is transparent
  for (std::size_t i = 0; i < stripes.size(); ++i) {
    std::uint8_t* p = image.pixel(static_cast<int>(i), 0);
    p[0] = stripes[i].r, p[1] = stripes[i].g, p[2] = stripes[i].b, p[3] = 255;
  }
  return image;
}

}  // namespace

TEST_CASE("Colours fall into a ramp of greys and ramps of hues, each from dark to light") {
  CHECK(ramps(db16()) == std::vector<std::vector<Rgb8>>{colours({0x4e4a4e, 0x757161, 0x8595a1}), colours({0x6dc2ca}),
                                                        colours({0x140c1c, 0x30346d, 0x597dce}), colours({0x442434, 0xd04648}),
                                                        colours({0x854c30, 0xd27d2c, 0xd2aa99}),
                                                        colours({0x346524, 0x6daa2c, 0xdad45e, 0xdeeed6})});
  CHECK(ramps({}).empty());
}

TEST_CASE("A palette is swapped for another, ramp by ramp") {
  CHECK(match_ramps(db16(), kHandheld) == map_of({{0x140c1c, 0x0f380f},
                                                  {0x30346d, 0x306230},
                                                  {0x346524, 0x0f380f},
                                                  {0x442434, 0x0f380f},
                                                  {0x4e4a4e, 0x0f380f},
                                                  {0x597dce, 0x8bac0f},
                                                  {0x6daa2c, 0x306230},
                                                  {0x6dc2ca, 0x9bbc0f},
                                                  {0x757161, 0x306230},
                                                  {0x854c30, 0x306230},
                                                  {0x8595a1, 0x8bac0f},
                                                  {0xd04648, 0x306230},
                                                  {0xd27d2c, 0x8bac0f},
                                                  {0xd2aa99, 0x9bbc0f},
                                                  {0xdad45e, 0x8bac0f},
                                                  {0xdeeed6, 0x9bbc0f}}));
  CHECK(match_ramps(db16(), kSixteen) == map_of({{0x140c1c, 0x1a1c2c},
                                                 {0x30346d, 0x29366f},
                                                 {0x346524, 0x257179},
                                                 {0x442434, 0x333c57},
                                                 {0x4e4a4e, 0x333c57},
                                                 {0x597dce, 0x3b5dc9},
                                                 {0x6daa2c, 0x38b764},
                                                 {0x6dc2ca, 0x94b0c2},
                                                 {0x757161, 0x566c86},
                                                 {0x854c30, 0xb13e53},
                                                 {0x8595a1, 0x94b0c2},
                                                 {0xd04648, 0xb13e53},
                                                 {0xd27d2c, 0xef7d57},
                                                 {0xd2aa99, 0x94b0c2},
                                                 {0xdad45e, 0xffcd75},
                                                 {0xdeeed6, 0xf4f4f4}}));
}

TEST_CASE("The palette's own colours stay, and one without colours is refused") {
  for (const auto& [from, to] : match_ramps(kSixteen.colours, kSixteen)) CHECK(from == to);
  CHECK(code_of([] { match_ramps(db16(), {}); }) == ErrorCode::kInvalidArgument);
  CHECK(match_ramps({}, kSixteen).empty());
}

TEST_CASE("With too few colours, shades fall together but never change their order") {
  const Palette two{"", colours({0xff0000, 0x000000})};
  const ColourMap map = match_ramps(db16(), two);
  for (const auto& ramp : ramps(db16())) {
    for (std::size_t i = 1; i < ramp.size(); ++i) CHECK(lightness(map.at(ramp[i - 1])) <= lightness(map.at(ramp[i])));
  }
  CHECK(map.at(rgb(0x140c1c)) == rgb(0x000000));
  CHECK(map.at(rgb(0xdeeed6)) == rgb(0xff0000));
}

TEST_CASE("A hue is turned in OKLab; what sRGB does not have loses chroma, not lightness") {
  const ColourMap quarter = turn_hue(db16(), 90);
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> expected = {
      {0x140c1c, 0x1d0a06}, {0x442434, 0x3e2c0b}, {0x30346d, 0x632132}, {0x4e4a4e, 0x4f4a47},
      {0x854c30, 0x466834}, {0x346524, 0x00607f}, {0xd04648, 0x7d8400}, {0x757161, 0x617673},
      {0x597dce, 0xbb5c85}, {0xd27d2c, 0x4cac64}, {0x8595a1, 0x9c8d9a}, {0x6daa2c, 0x00a6cd},
      {0xd2aa99, 0xa6bc9a}, {0x6dc2ca, 0xb4a8e3}, {0xdad45e, 0x2aeaec}, {0xdeeed6, 0xd0eefb}};
  REQUIRE(quarter.size() == expected.size());
  for (const auto& [from, to] : expected) {
    const Rgb8 turned = quarter.at(rgb(from)), wanted = rgb(to);
    CAPTURE(from);
    CHECK(std::abs(turned.r - wanted.r) <= 1);
    CHECK(std::abs(turned.g - wanted.g) <= 1);
    CHECK(std::abs(turned.b - wanted.b) <= 1);
  }
  for (int degrees = 0; degrees < 360; degrees += 15) {
    for (const auto& [from, to] : turn_hue(db16(), degrees)) CHECK(std::abs(lightness(from) - lightness(to)) < 0.012);
  }
  for (const auto& [from, to] : turn_hue(db16(), 360)) CHECK(from == to);
}

TEST_CASE("Recolouring keeps alpha and what the map does not know") {
  Image image = drawn({"rg."});
  image.pixel(1, 0)[3] = 100;
  const Image out = recoloured(image, {{{255, 0, 0}, {1, 2, 3}}, {{0, 255, 0}, {4, 5, 6}}, {{0, 0, 0}, {9, 9, 9}}});
  CHECK(out.rgba == std::vector<std::uint8_t>{1, 2, 3, 255, 4, 5, 6, 100, 0, 0, 0, 0});
  CHECK(recoloured(image, {}) == image);
}

TEST_CASE("Variants of a sprite differ from it and from each other, keep the order of its shades, and stay in a palette") {
  const std::vector<Rgb8> reds = colours({0x2a0c10, 0x6b1d24, 0xb13e53, 0xef7d57});
  const Image sprite = striped(reds);
  const auto free = recolour_variants(sprite, 11, nullptr);
  CHECK(free.size() == 11);
  const auto locked = recolour_variants(sprite, 11, &kSixteen);
  CHECK(locked.size() >= 4);
  const std::set<Rgb8> allowed(kSixteen.colours.begin(), kSixteen.colours.end());
  for (const auto* variants : {&free, &locked}) {
    for (std::size_t v = 0; v < variants->size(); ++v) {
      const Image& variant = (*variants)[v];
      CHECK(variant != sprite);
      for (std::size_t other = 0; other < v; ++other) CHECK(variant != (*variants)[other]);
      CHECK(variant.pixel(4, 0)[3] == 0);
      double before = -1;
      for (int x = 0; x < 4; ++x) {
        const std::uint8_t* p = variant.pixel(x, 0);
        const Rgb8 colour{p[0], p[1], p[2]};
        CHECK(lightness(colour) > before);
        before = lightness(colour);
        if (variants == &locked) CHECK(allowed.contains(colour));
      }
    }
  }
  CHECK(recolour_variants(drawn({"kw."}), 11, nullptr).empty());  // greys have no hue
}
