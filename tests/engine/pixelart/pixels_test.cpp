#include <doctest/doctest.h>

#include <climits>

#include "engine/base/rect.h"
#include "engine/pixelart/alpha.h"
#include "engine/pixelart/colours.h"
#include "engine/pixelart/crop.h"
#include "engine/pixelart/scale.h"
#include "support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

constexpr auto kInvalid = ErrorCode::kInvalidArgument;

void set(Image& image, int x, int y, int r, int g, int b, int a) {
  std::uint8_t* pixel = image.pixel(x, y);
  pixel[0] = static_cast<std::uint8_t>(r), pixel[1] = static_cast<std::uint8_t>(g), pixel[2] = static_cast<std::uint8_t>(b);
  pixel[3] = static_cast<std::uint8_t>(a);
}

}  // namespace

TEST_CASE("enlarging makes squares, and reducing takes them back") {
  const Image small = drawn({"rg", ".b"});
  const Image large = drawn({"rrrggg", "rrrggg", "rrrggg", "...bbb", "...bbb", "...bbb"});
  CHECK(upscaled(small, 3) == large);
  CHECK(upscaled(small, 1) == small);
  CHECK(downscaled(large, 3) == small);
  CHECK(code_of([&] { upscaled(small, 0); }) == kInvalid);
  CHECK(code_of([&] { upscaled(small, 8193); }) == kInvalid);
  CHECK(code_of([&] { upscaled(small, INT_MAX); }) == kInvalid);
  CHECK(code_of([&] { downscaled(large, 4); }) == kInvalid);
  CHECK(code_of([&] { downscaled(large, 0); }) == kInvalid);
}

TEST_CASE("the grid of art that was enlarged and then moved, or given a rim") {
  const Image art = drawn({"rgbwyr", "yrrgbw", "gbgbry", "ryrbwg", "bwgyrb", "wgbryw"});
  const Image large = upscaled(art, 3);
  Image rimmed(20, 20);
  paste(rimmed, large, 1, 1);
  CHECK(moved_grid({rimmed}) == PixelGrid{3, 1, 1});
  Image moved(21, 21);
  paste(moved, large, 2, 0);
  CHECK(moved_grid({moved}) == PixelGrid{3, 2, 0});
  CHECK(moved_grid({large}) == PixelGrid{});  // its squares fill it
  CHECK(moved_grid({art}) == PixelGrid{});
  CHECK(moved_grid({Image(9, 9)}) == PixelGrid{});
  CHECK(moved_grid({rimmed, art}) == PixelGrid{});
}

TEST_CASE("the true grid of art that was enlarged") {
  const Image art = drawn({"rgb.", "..rr", "gbgb", "rrrr"});
  CHECK(grid_factor({art}) == 1);
  CHECK(grid_factor({upscaled(art, 3)}) == 3);
  CHECK(grid_factor({upscaled(art, 4), upscaled(art, 6)}) == 2);
  CHECK(grid_factor({upscaled(art, 4), Image(16, 16)}) == 4);
  CHECK(grid_factor({Image(16, 16)}) == 1);
  CHECK(grid_factor({}) == 1);
  Image touched = upscaled(art, 4);
  set(touched, 5, 9, 1, 2, 3, 255);
  CHECK(grid_factor({touched}) == 1);
  Image hidden = upscaled(art, 4);
  set(hidden, 13, 1, 200, 2, 3, 0);  // a colour that nobody sees
  CHECK(grid_factor({hidden}) == 4);
  CHECK(grid_factor({drawn({"rrrgg", "rrrgg"})}) == 1);
}

TEST_CASE("cropping and padding") {
  const Image image = drawn({".....", "..r..", ".g...", ".....", "....."});
  CHECK(content_rect(image) == Rect{1, 1, 2, 2});
  CHECK(cropped_to_content(image) == drawn({".r", "g."}));
  CHECK(cropped_to_content(Image(3, 3)) == Image(1, 1));
  CHECK(padded_to(drawn({".r", "g."}), 5, 5) == image);
  CHECK(padded_to(drawn({"r"}), 2, 3) == drawn({"..", "r.", ".."}));
  CHECK(code_of([&] { padded_to(image, 5, 4); }) == kInvalid);
}

TEST_CASE("cutting out beyond the edges gives transparency") {
  const Image image = drawn({"rg", "bw"});
  CHECK(cut_out(image, {-1, -1, 2, 2}) == drawn({"..", ".r"}));
  CHECK(cut_out(image, {1, 0, 2, 2}) == drawn({"g.", "w."}));
  CHECK(cut_out(image, {5, 5, 1, 1}) == drawn({"."}));
  Image target = drawn({"kkk", "kkk"});
  paste(target, drawn({"r."}), 2, 1);
  CHECK(target == drawn({"kkk", "kkr"}));
}

TEST_CASE("alpha: its kind, its threshold, colours under zero") {
  CHECK(alpha_kind(drawn({"rg"})) == AlphaKind::kNone);
  CHECK(alpha_kind(drawn({"r."})) == AlphaKind::kHard);
  Image soft(3, 1);
  set(soft, 0, 0, 9, 8, 7, 127);
  set(soft, 1, 0, 9, 8, 7, 128);
  set(soft, 2, 0, 6, 6, 6, 0);
  CHECK(alpha_kind(soft) == AlphaKind::kSoft);
  Image hard(3, 1);
  set(hard, 1, 0, 9, 8, 7, 255);
  CHECK(with_hard_alpha(soft) == hard);
  Image cleared = soft;
  set(cleared, 2, 0, 0, 0, 0, 0);
  CHECK(with_hidden_colour_cleared(soft) == cleared);
}

TEST_CASE("a background is suspected by its corners or its border") {
  CHECK(suspected_background(drawn({"wrw", "rgr", "wrw"})) == Rgb8{255, 255, 255});
  CHECK(suspected_background(drawn({"rwwww", "wwgww", "wgggw", "wwgww", "wwwww"})) == Rgb8{255, 255, 255});
  CHECK_FALSE(suspected_background(drawn({"rgbw", "gbwr", "bwrg", "wrgb"})));
  CHECK_FALSE(suspected_background(drawn({"www", "www", "www"})));
  CHECK_FALSE(suspected_background(drawn({"w.w", "wgw", "www"})));
  CHECK_FALSE(suspected_background(Image()));
}

TEST_CASE("background becomes transparent from the border on, not inside the figure") {
  CHECK(with_background_cleared(drawn({"wwwww", "wkkkw", "wkwkw", "wkkkw", "wwwww"}), {255, 255, 255}) ==
        drawn({".....", ".kkk.", ".kwk.", ".kkk.", "....."}));
  CHECK(with_background_cleared(drawn({"kwk", "www"}), {0, 0, 0}) == drawn({".w.", "www"}));
  Image noisy = drawn({"ww", "wr"});
  set(noisy, 1, 0, 250, 255, 255, 255);
  CHECK(with_background_cleared(noisy, {255, 255, 255}, 4) == [&] {
    Image kept = noisy;
    set(kept, 0, 0, 0, 0, 0, 0);
    set(kept, 0, 1, 0, 0, 0, 0);
    return kept;
  }());
  CHECK(with_background_cleared(noisy, {255, 255, 255}, 5) == drawn({"..", ".r"}));
}

TEST_CASE("the colours of an image are those of its opaque pixels") {
  Image image = drawn({"rrg", ".gr"});
  CHECK(distinct_colours(image) == std::vector<Rgb8>{{0, 255, 0}, {255, 0, 0}});
  set(image, 0, 1, 1, 2, 3, 127);
  CHECK(distinct_colours(image).size() == 2);
  set(image, 0, 1, 1, 2, 3, 128);
  CHECK(distinct_colours(image) == std::vector<Rgb8>{{0, 255, 0}, {1, 2, 3}, {255, 0, 0}});
}
