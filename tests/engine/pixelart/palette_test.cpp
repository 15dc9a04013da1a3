#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "engine/pixelart/colours.h"
#include "engine/pixelart/extremes.h"
#include "engine/pixelart/near_colours.h"
#include "engine/pixelart/oklab.h"
#include "engine/pixelart/palette_fit.h"
#include "engine/pixelart/palette_map.h"
#include "support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

Image of_colours(const std::vector<Rgb8>& colours) {
  Image image(static_cast<int>(colours.size()), 1);
  for (std::size_t i = 0; i < colours.size(); ++i) {
    image.rgba[4 * i] = colours[i].r, image.rgba[4 * i + 1] = colours[i].g, image.rgba[4 * i + 2] = colours[i].b;
    image.rgba[4 * i + 3] = 255;
  }
  return image;
}

std::set<Rgb8> set_of(const Palette& palette) { return {palette.colours.begin(), palette.colours.end()}; }

}  // namespace

// From the definition by way of XYZ, in double precision.
TEST_CASE("OKLab of known colours, and back") {
  const std::vector<std::pair<Rgb8, Oklab>> known = {
      {{255, 255, 255}, {1.0000f, 0.0000f, 0.0000f}}, {{255, 0, 0}, {0.6280f, 0.2248f, 0.1258f}},
      {{0, 255, 0}, {0.8664f, -0.2339f, 0.1794f}},    {{0, 0, 255}, {0.4520f, -0.0324f, -0.3116f}},
      {{18, 52, 86}, {0.3192f, -0.0234f, -0.0686f}},  {{200, 180, 40}, {0.7644f, -0.0273f, 0.1462f}}};
  for (const auto& [colour, lab] : known) CHECK(squared_distance(to_oklab(colour), lab) < 2e-4f * 2e-4f);
  for (int i = 0; i < 4096; ++i) {
    const Rgb8 colour{static_cast<std::uint8_t>(i % 16 * 17), static_cast<std::uint8_t>(i / 16 % 16 * 17),
                      static_cast<std::uint8_t>(i / 256 * 17)};
    REQUIRE(to_rgb8(to_oklab(colour)) == colour);
  }
}

TEST_CASE("few colours are kept exactly, from dark to light") {
  const Palette palette = fit_palette({of_colours({{255, 255, 255}, {0, 0, 0}, {255, 0, 0}}), of_colours({{0, 0, 0}})}, 3);
  CHECK(palette.colours == std::vector<Rgb8>{{0, 0, 0}, {255, 0, 0}, {255, 255, 255}});
}

TEST_CASE("groups of similar colours each get one, and the larger share pulls") {
  std::vector<Rgb8> pixels;
  for (int i = 0; i < 30; ++i) pixels.push_back({200, 20, 20});
  pixels.push_back({210, 30, 30});
  for (int i = 0; i < 10; ++i) pixels.push_back({20, 40, static_cast<std::uint8_t>(200 + i % 3)});
  for (int i = 0; i < 10; ++i) pixels.push_back({240, 240, static_cast<std::uint8_t>(230 + i % 2)});
  const Palette palette = fit_palette({of_colours(pixels)}, 3);
  REQUIRE(palette.colours.size() == 3);
  CHECK(palette.colours[0] == Rgb8{20, 40, 201});
  CHECK(palette.colours[1] == Rgb8{200, 20, 20});
  CHECK(palette.colours[2].r == 240);
}

TEST_CASE("many colours: as many as asked for, the same each time, better than a random choice") {
  std::mt19937 random(3);
  std::vector<Rgb8> pixels(3000);
  for (Rgb8& p : pixels)
    p = {static_cast<std::uint8_t>(random()), static_cast<std::uint8_t>(random()), static_cast<std::uint8_t>(random())};
  const Image image = of_colours(pixels);
  const Palette palette = fit_palette({image}, 16);
  CHECK(palette.colours.size() == 16);
  CHECK(fit_palette({image}, 16) == palette);
  const auto error = [&](const Palette& p) {
    const Image mapped = map_to_palette(image, p);
    double sum = 0;
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      const std::uint8_t* m = &mapped.rgba[4 * i];
      sum += static_cast<double>(squared_distance(to_oklab(pixels[i]), to_oklab({m[0], m[1], m[2]})));
    }
    return sum;
  };
  const Palette naive{"first", std::vector<Rgb8>(pixels.begin(), pixels.begin() + 16)};
  CHECK(error(palette) < 0.7 * error(naive));
}

TEST_CASE("transparent pixels do not count, and odd counts are refused") {
  Image image = of_colours({{1, 2, 3}, {250, 250, 250}});
  image.rgba[7] = 127;
  CHECK(set_of(fit_palette({image}, 4)) == std::set<Rgb8>{{1, 2, 3}});
  CHECK(fit_palette({Image(3, 3)}, 4).colours.empty());
  CHECK(code_of([&] { fit_palette({image}, 0); }) == ErrorCode::kInvalidArgument);
  CHECK(code_of([&] { fit_palette({image}, 257); }) == ErrorCode::kInvalidArgument);
}

TEST_CASE("fitted pixels are half transparent where the images' are, and what is nearly transparent is near to what is") {
  const auto of = [](const std::vector<Rgba8>& pixels) {
    Image image(static_cast<int>(pixels.size()), 1);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      const auto& [r, g, b, a] = pixels[i];
      std::uint8_t* to = image.pixel(static_cast<int>(i), 0);
      to[0] = r, to[1] = g, to[2] = b, to[3] = a;
    }
    return image;
  };
  const Image few = of({{0, 0, 0, 170}, {250, 0, 0, 255}, {9, 9, 9, 0}, {0, 0, 0, 170}});
  CHECK((fit_entries({few}, 2) == PaletteEntries{kTransparent, {0, 0, 0, 170}, {250, 0, 0, 255}}));
  const Image many = of({{0, 0, 0, 168}, {0, 0, 0, 172}, {250, 0, 0, 255}, {254, 0, 0, 255}, {255, 255, 255, 1}, {0, 255, 0, 2}});
  const PaletteEntries entries = fit_entries({many}, 3);
  REQUIRE(entries.size() == 4);
  CHECK(std::count_if(entries.begin(), entries.end(), [](const Rgba8& entry) { return entry.a == 170; }) == 1);
  CHECK(std::count_if(entries.begin(), entries.end(), [](const Rgba8& entry) { return entry.a == 255 && entry.r == 252; }) == 1);
  CHECK((fit_entries({Image(3, 3)}, 4) == PaletteEntries{kTransparent}));

  const PaletteEntries three{kTransparent, {0, 0, 0, 170}, {250, 0, 0, 255}};
  const Image mapped = map_to_entries(of({{255, 255, 255, 3}, {20, 0, 0, 150}, {200, 30, 10, 240}, {7, 7, 7, 0}}), three);
  CHECK(mapped == of({kTransparent, three[1], three[2], kTransparent}));
  CHECK(code_of([&] { map_to_entries(few, {}); }) == ErrorCode::kInvalidArgument);
}

TEST_CASE("near colours are merged into their pixels' median; others stay apart, and so does alpha") {
  Image image(8, 4);
  const auto paint = [&](int row, int x, Rgba8 pixel) { std::copy_n(&pixel.r, 4, image.pixel(x, row)); };
  for (int x = 0; x < 8; ++x) {
    const auto noise = static_cast<std::uint8_t>(x % 4);
    paint(0, x, x < 5 ? Rgba8{0, 0, 0, 255} : Rgba8{noise, 2, noise, 255});             // an outline
    paint(1, x, {static_cast<std::uint8_t>(200 + x), 60, 60, 255});                     // a flat, no two pixels alike
    paint(2, x, {static_cast<std::uint8_t>(90 + x), 20, 20, 255});                      // its shade
    paint(3, x, {0, 0, 0, static_cast<std::uint8_t>(x < 4 ? 0 : x == 4 ? 130 : 127)});  // a shadow
  }
  const Image merged = with_near_colours_merged(image, 0.05);
  std::map<std::array<int, 4>, int> counts;
  for (std::size_t i = 0; i < merged.rgba.size(); i += 4)
    ++counts[{merged.rgba[i], merged.rgba[i + 1], merged.rgba[i + 2], merged.rgba[i + 3]}];
  CHECK(counts.size() == 5);
  CHECK(counts[{0, 0, 0, 255}] == 8);
  CHECK(counts[{0, 0, 0, 127}] == 4);
  CHECK(counts[{0, 0, 0, 0}] == 4);
  const auto near = [&](int row, int red) { return std::abs(int{merged.pixel(0, row)[0]} - red) <= 2; };
  CHECK(near(1, 203));
  CHECK(near(2, 93));
  CHECK(with_near_colours_merged(image, 0) == image);
  CHECK(with_near_colours_merged(Image(3, 2), 0.1) == Image(3, 2));
}

TEST_CASE("at the ends of its range a sprite is as it was meant: black, opaque or not; a set whose darkest is no black keeps it") {
  Image image(16, 16);
  const auto paint = [&](int x, int y, Rgba8 pixel) { std::copy_n(&pixel.r, 4, image.pixel(x, y)); };
  for (int i = 2; i < 14; ++i) {
    paint(i, 2, i % 2 == 0 ? Rgba8{0, 0, 0, 255} : Rgba8{10, 6, 8, 246});  // an outline
    paint(i, 3, {60, 20, 10, 255});                                        // dark, and brown
  }
  paint(0, 0, {90, 90, 90, 9});
  paint(15, 15, {90, 90, 90, 140});
  const Image settled = with_extremes_settled(image);
  const auto pixel = [](const Image& of, int x, int y) {
    const std::uint8_t* p = of.pixel(x, y);
    return Rgba8{p[0], p[1], p[2], p[3]};
  };
  for (int i = 2; i < 14; ++i) {
    CHECK((pixel(settled, i, 2) == Rgba8{0, 0, 0, 255}));
    CHECK((pixel(settled, i, 3) == Rgba8{60, 20, 10, 255}));
  }
  CHECK((pixel(settled, 0, 0) == Rgba8{0, 0, 0, 0}));
  CHECK((pixel(settled, 15, 15) == Rgba8{90, 90, 90, 255}));
  for (int y = 10; y < 14; ++y) {
    for (int x = 2; x < 14; ++x) paint(x, y, x % 2 == 0 ? Rgba8{0, 0, 0, 150} : Rgba8{14, 14, 14, 150});
  }
  CHECK((pixel(with_extremes_settled(image), 3, 11) == Rgba8{0, 0, 0, 150}));  // a shadow stays one
  Image grey(4, 4);
  for (std::size_t i = 0; i < grey.rgba.size(); i += 4)
    grey.rgba[i] = grey.rgba[i + 1] = grey.rgba[i + 2] = 22, grey.rgba[i + 3] = 255;
  CHECK(with_extremes_settled(grey) == grey);
}

TEST_CASE("mapping takes the nearest colour and makes alpha hard") {
  Image image = of_colours({{250, 10, 10}, {10, 10, 60}, {128, 128, 128}, {255, 255, 255}});
  image.rgba[3] = 128;
  image.rgba[15] = 127;
  const Image mapped = map_to_palette(image, {"p", {{255, 0, 0}, {0, 0, 0}, {120, 130, 140}}});
  Image wanted = of_colours({{255, 0, 0}, {0, 0, 0}, {120, 130, 140}, {0, 0, 0}});
  wanted.rgba[15] = 0;
  CHECK(mapped == wanted);
  CHECK(code_of([&] { map_to_palette(image, {}); }) == ErrorCode::kInvalidArgument);
}

TEST_CASE("a pixel between two colours has the one that its neighbours have, one that is near a colour has that") {
  // Distances in OKLab, from other code: black to white 1, the palette's spacing; grey 104 to black 0.517, to white 0.483; grey 200
  // to black 0.833, to white 0.167. Two neighbours of one colour are worth 0.48.
  const Palette palette{"p", {{0, 0, 0}, {255, 255, 255}}};
  const PaletteMap map(palette);
  const auto grey = [](int level, int alpha = 255) {
    const auto v = static_cast<std::uint8_t>(level);
    return std::vector<std::uint8_t>{v, v, v, static_cast<std::uint8_t>(alpha)};
  };
  const auto picture = [&](const std::vector<std::vector<std::uint8_t>>& pixels) {
    Image image(3, 3);
    image.rgba.clear();
    for (const auto& pixel : pixels) image.rgba.insert(image.rgba.end(), pixel.begin(), pixel.end());
    return image;
  };
  const auto dark = grey(0), light = grey(255), between = grey(104), near_light = grey(200);
  CHECK(map.smoothly(picture({dark, dark, dark, dark, between, dark, dark, dark, dark})) ==
        picture({dark, dark, dark, dark, dark, dark, dark, dark, dark}));
  CHECK(map.nearest({104, 104, 104}) == Rgb8{255, 255, 255});
  CHECK(map.smoothly(picture({dark, dark, dark, dark, near_light, dark, dark, dark, dark})) ==
        picture({dark, dark, dark, dark, light, dark, dark, dark, dark}));
  // Transparent neighbours count for nothing, and stay; half-transparent pixels keep their alpha.
  const auto none = grey(0, 0), half = grey(104, 90);
  CHECK(map.smoothly(picture({none, none, none, none, half, none, none, none, none})) ==
        picture({none, none, none, none, grey(255, 90), none, none, none, none}));
  const Image one = map.smoothly(picture({dark, light, dark, light, dark, light, dark, light, dark}));
  CHECK(one == picture({dark, light, dark, light, dark, light, dark, light, dark}));  // a pattern is kept
  CHECK(PaletteMap(Palette{"one", {{9, 9, 9}}})
            .smoothly(picture({dark, none, dark, dark, dark, dark, dark, dark, dark}))
            .pixel(0, 0)[0] == 9);
}
