#include "engine/pixelart/motion.h"

#include <algorithm>

#include "engine/pixelart/recolour.h"
#include "engine/pixelart/shifts.h"
#include "engine/pixelart/silhouette.h"
#include "support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

std::vector<Image> frames(const char* motion, const Image& sprite, int count, const ParamMap& values = {}, bool ping_pong = false) {
  return motion_frames(find_motion(motion), sprite, count, ping_pong, values);
}

// 0 transparent; the others are shades of red from dark to light, and white.
Image shaded(const std::vector<std::string>& rows) {
  Image image(static_cast<int>(rows.front().size()), static_cast<int>(rows.size()));
  constexpr std::uint8_t kShades[][3] = {{0, 0, 0}, {90, 10, 10}, {160, 30, 30}, {230, 80, 80}, {255, 255, 255}};
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const int shade = rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)] - '0';
      if (shade == 0) continue;
      for (int i = 0; i < 3; ++i) image.pixel(x, y)[i] = kShades[shade][i];
      image.pixel(x, y)[3] = 255;
    }
  }
  return image;
}

const Image kFace = drawn({
    "..........",
    "..yyyyyy..",
    ".yyyyyyyy.",
    ".ykyyyyky.",
    ".ykyyyyky.",
    ".yyyyyyyy.",
    ".yyyrryyy.",
    "..yyyyyy..",
});

}  // namespace

TEST_CASE("bob: the whole sprite goes up by whole pixels, as far as there is room, and back") {
  const Image sprite = drawn({"....", "....", ".r..", ".gb."});
  const Image one = drawn({"....", ".r..", ".gb.", "...."}), two = drawn({".r..", ".gb.", "....", "...."});
  CHECK(frames("bob", sprite, 4) == std::vector<Image>{sprite, sprite, one, one});
  CHECK(frames("bob", sprite, 4, {{"height", 2}}) == std::vector<Image>{sprite, one, two, one});
  CHECK(frames("bob", sprite, 4, {{"height", 16}}) == std::vector<Image>{sprite, one, two, one});  // no more room
  CHECK(frames("bob", sprite, 3, {{"height", 2}}, true) == std::vector<Image>{sprite, one, two});  // only the way there
  const Image hanging = drawn({".r..", ".gb.", "...."}), lower = drawn({"....", ".r..", ".gb."});
  CHECK(frames("bob", hanging, 2) == std::vector<Image>{hanging, lower});
  CHECK(code_of([] { frames("bob", drawn({"r", "g"}), 4); }) == ErrorCode::kUnsupported);
}

TEST_CASE("by hand: each frame after the first is moved as far as it is told, what leaves the picture is cut off") {
  const Image sprite = drawn({"....", ".rg.", "...."}), right = drawn({"....", "..rg", "...."}),
              up = drawn({"rg..", "....", "...."}), cut = drawn({"....", "...r", "...."});
  CHECK(frames("hand", sprite, 4, {{"shifts", std::string("1,0 -1,-1  2,0")}}) == std::vector<Image>{sprite, right, up, cut});
  CHECK(frames("hand", sprite, 3, {{"shifts", std::string("1,0")}}) == std::vector<Image>{sprite, right, sprite});
  for (const char* bad : {"1", "1;0", "1,0,0", "a,b", "65,0", "1,-65"})
    CHECK(code_of([&] { frames("hand", sprite, 3, {{"shifts", std::string(bad)}}); }) == ErrorCode::kInvalidArgument);
  CHECK((parse_shifts(to_text({{1, -2}, {0, 64}})) == std::vector<Shift>{{1, -2}, {0, 64}}));
}

TEST_CASE("squash and stretch: rows go and come, the lowest stays") {
  const Image sprite = drawn({"....", ".r..", ".g..", ".b..", ".yw."});
  // Of rows 0 … 3 from below, row i of 3 is row (2i + 1) * 4 / 6, of 5 it is (2i + 1) * 4 / 10: 0 2 3 and 0 1 2 2 3.
  const Image low = drawn({"....", "....", ".r..", ".g..", ".yw."}), high = drawn({".r..", ".g..", ".g..", ".b..", ".yw."});
  CHECK(frames("squash", sprite, 4) == std::vector<Image>{sprite, low, sprite, high});
  CHECK(frames("squash", sprite, 4, {{"stretch", 0}}) == std::vector<Image>{sprite, sprite, low, low});
  CHECK(frames("squash", drawn({"r", "g"}), 2)[1] == drawn({".", "r"}));  // no room above: lower and back, through the whole round
  CHECK(code_of([] { frames("squash", drawn({"r"}), 4); }) == ErrorCode::kUnsupported);
}

TEST_CASE("sway: the top leans to both sides as far as there is room, the ground stands") {
  const Image sprite = drawn({".r.", ".g.", ".b."});
  const Image right = drawn({"..r", "..g", ".b."}), left = drawn({"r..", "g..", ".b."});  // half a pixel is one
  CHECK(frames("sway", sprite, 4) == std::vector<Image>{sprite, right, sprite, left});
  CHECK(frames("sway", drawn({"r.", "g.", "b."}), 4)[3] == drawn({"r.", "g.", "b."}));  // no room on the left
  CHECK(code_of([] { frames("sway", drawn({"r", "g"}), 4); }) == ErrorCode::kUnsupported);
}

TEST_CASE("blink: the eyes are found, close row by row, and nothing else changes") {
  const std::vector<Image> four = frames("blink", kFace, 4);
  CHECK(four[0] == kFace);
  CHECK(four[1] == kFace);
  CHECK(four[3] == kFace);
  const Image closed = drawn({
      "..........",
      "..yyyyyy..",
      ".yyyyyyyy.",
      ".yyyyyyyy.",
      ".yyyyyyyy.",
      ".yyyyyyyy.",
      ".yyyrryyy.",
      "..yyyyyy..",
  });
  CHECK(four[2] == closed);
  const std::vector<Image> eight = frames("blink", kFace, 8);
  CHECK(eight[3] == drawn({
                        "..........",
                        "..yyyyyy..",
                        ".yyyyyyyy.",
                        ".yyyyyyyy.",
                        ".ykyyyyky.",
                        ".yyyyyyyy.",
                        ".yyyrryyy.",
                        "..yyyyyy..",
                    }));
}

TEST_CASE("blink: no eyes are better than wrong ones") {
  const auto refused = [](const Image& image) { return code_of([&] { frames("blink", image, 4); }) == ErrorCode::kUnsupported; };
  CHECK(refused(drawn({"yyyyyy", "yyyyyy", "yykyyy", "yyyyyy", "yyyyyy", "yyyyyy"})));              // one spot
  CHECK(refused(drawn({"yyyyyyyyy", "ykykykyky", "yyyyyyyyy", "yyyyyyyyy", "yyyyyyyyy"})));         // a pattern
  CHECK(refused(drawn({"yyyyyyyy", "yyyyyyyy", "yyyyyyyy", "yyyyyyyy", "ykyyyyky", "yyyyyyyy"})));  // in the lower part
  CHECK(refused(drawn({"........", "kyyyyyyk", "yyyyyyyy", "yyyyyyyy", "yyyyyyyy"})));              // corners of the outline
  CHECK(refused(drawn({"yyyyyyyy", "ykyyyyyy", "yyyyyyky", "yyyyyyyy", "yyyyyyyy", "yyyyyyyy"})));  // not side by side
}

TEST_CASE("shine: a band goes over the sprite in the next lighter of its own shades") {
  const Image sprite = shaded({"11110", "12310", "11114"});
  const std::vector<Image> four = frames("shine", sprite, 4, {{"width", 2}});
  CHECK(four[0] == sprite);
  // Opaque diagonals are 0 … 6; the band begins at -2, 0 (9 / 4 - 2), 2 and 4.
  CHECK(four[1] == shaded({"22110", "22310", "11114"}));
  CHECK(four[2] == shaded({"11220", "13310", "22114"}));
  CHECK(four[3] == shaded({"11110", "12320", "11224"}));
  CHECK(code_of([] { frames("shine", drawn({"rr", "rr"}), 4); }) == ErrorCode::kUnsupported);
}

TEST_CASE("of every motion: the first frame is the sprite, of its size, and no frame has a colour or an alpha of its own") {
  const std::vector<Rgb8> colours = visible_colours({kFace});
  for (const Motion& motion : motions()) {
    if (motion.id == "shine") continue;  // yellow, red and black have no lighter shades here
    INFO(motion.id);
    for (const bool ping_pong : {false, true}) {
      for (int count = 2; count <= 8; ++count) {
        const std::vector<Image> made = motion_frames(motion, kFace, count, ping_pong, {});
        REQUIRE(made.size() == static_cast<std::size_t>(count));
        CHECK(made.front() == kFace);
        for (const Image& frame : made) {
          CHECK(frame.width == kFace.width);
          CHECK(frame.height == kFace.height);
          for (const Rgb8& colour : visible_colours({frame})) CHECK(std::count(colours.begin(), colours.end(), colour) == 1);
          for (std::size_t i = 3; i < frame.rgba.size(); i += 4) CHECK((frame.rgba[i] == 0 || frame.rgba[i] == 255));
        }
      }
    }
    CHECK(code_of([&] { motion_frames(motion, Image(4, 4), 4, false, {}); }) == ErrorCode::kInvalidArgument);
    CHECK(code_of([&] { motion_frames(motion, kFace, 1, false, {}); }) == ErrorCode::kInvalidArgument);
    CHECK(code_of([&] { motion_frames(motion, kFace, 4, false, {{"speed", 1}}); }) == ErrorCode::kInvalidArgument);
  }
  CHECK(code_of([] { find_motion("bop"); }) == ErrorCode::kInvalidArgument);
}

TEST_CASE("the order in which frames are played") {
  CHECK(play_order(4, false) == std::vector<std::size_t>{0, 1, 2, 3});
  CHECK(play_order(4, true) == std::vector<std::size_t>{0, 1, 2, 3, 2, 1});
  CHECK(play_order(2, true) == std::vector<std::size_t>{0, 1});
  CHECK(play_order(1, true) == std::vector<std::size_t>{0});
}

TEST_CASE("what is drawn within an outline has its alpha and the sprite's colours") {
  Image sprite = drawn({".r.", "rgk"});
  sprite.pixel(2, 1)[3] = 130;
  CHECK(silhouette_mask(sprite) == drawn({".w.", "www"}));
  Image other(3, 2);
  const auto set = [&](int x, int y, int r, int g, int b) {
    std::uint8_t* pixel = other.pixel(x, y);
    pixel[0] = static_cast<std::uint8_t>(r), pixel[1] = static_cast<std::uint8_t>(g), pixel[2] = static_cast<std::uint8_t>(b);
    pixel[3] = 255;
  };
  set(0, 0, 255, 0, 0);                                          // outside: nothing
  set(1, 0, 20, 240, 30);                                        // nearly green
  set(1, 1, 10, 5, 5);                                           // nearly black
  set(2, 1, 200, 20, 10);                                        // nearly red, half transparent in the sprite
  const Image made = with_silhouette_of(other, sprite, sprite);  // (0, 1) was drawn transparent: the sprite's
  Image wanted = drawn({".g.", "rkr"});
  wanted.pixel(2, 1)[3] = 130;
  CHECK(made == wanted);
}
