#include "app/state/pixel_editor.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace kiln {
namespace {

constexpr Rgba8 kRed{255, 0, 0, 255}, kBlue{0, 0, 255, 255};

// '.' transparent, r and b.
Image drawn(const std::vector<std::string>& rows) {
  Image image(static_cast<int>(rows.front().size()), static_cast<int>(rows.size()));
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const char letter = rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)];
      set_pixel(image, {x, y}, letter == 'r' ? kRed : letter == 'b' ? kBlue : kTransparent);
    }
  }
  return image;
}

PixelEditor editor_on(const Image& image, EditTool tool = EditTool::kPencil) {
  PixelEditor editor;
  editor.kit.tool = tool;
  editor.kit.colour = kRed;
  editor.show(image);
  return editor;
}

std::optional<EditedSprite> stroke(PixelEditor& editor, const std::vector<PixelPoint>& points, bool erases = false) {
  editor.press(points.front(), erases);
  for (const PixelPoint& at : points) editor.drag(at);
  return editor.release();
}

TEST_CASE("A stroke of the pencil joins where the pointer was, and is one change") {
  PixelEditor editor = editor_on(Image(5, 3));
  const auto edited = stroke(editor, {{0, 0}, {4, 0}, {4, 2}, {9, 2}});
  REQUIRE(edited);
  CHECK(edited->what == "Pencil");
  CHECK(edited->image == drawn({"rrrrr", "....r", "....r"}));
  CHECK_FALSE(stroke(editor, {{0, 0}, {1, 0}}));  // nothing becomes another
  CHECK(stroke(editor, {{1, 0}, {2, 0}}, true)->image == drawn({"r..rr", "....r", "....r"}));
  editor.kit.tool = EditTool::kEraser;
  CHECK(stroke(editor, {{4, 0}, {4, 2}})->image == drawn({"r..r.", ".....", "....."}));
}

TEST_CASE("Line and rectangle follow the pointer until it is let go of") {
  PixelEditor editor = editor_on(Image(4, 4), EditTool::kLine);
  CHECK(stroke(editor, {{0, 0}, {3, 0}, {3, 3}})->image == drawn({"r...", ".r..", "..r.", "...r"}));
  editor = editor_on(Image(4, 4), EditTool::kRectangle);
  CHECK(stroke(editor, {{2, 3}, {3, 3}, {0, 1}})->image == drawn({"....", "rrr.", "r.r.", "rrr."}));
  editor.kit.filled = true;
  CHECK(stroke(editor, {{0, 0}, {1, 2}})->image == drawn({"rr..", "rrr.", "rrr.", "rrr."}));
}

TEST_CASE("Fill, mirror drawing and the picker") {
  PixelEditor editor = editor_on(drawn({"..b..", "..b.."}), EditTool::kFill);
  CHECK(stroke(editor, {{0, 1}})->image == drawn({"rrb..", "rrb.."}));
  editor.kit.tool = EditTool::kPicker;
  CHECK_FALSE(stroke(editor, {{2, 0}}));
  CHECK(editor.kit.colour == kBlue);
  editor.press({9, 9});  // outside: the colour stays
  CHECK(editor.kit.colour == kBlue);
  editor.kit.tool = EditTool::kPencil;
  editor.kit.mirroring.left_right = true;
  CHECK(stroke(editor, {{0, 0}})->image == drawn({"brb.b", "rrb.."}));
}

TEST_CASE("A stroke that is taken back leaves nothing") {
  const Image before = drawn({"b..", "..."});
  PixelEditor editor = editor_on(before);
  editor.press({0, 0});
  editor.drag({2, 1});
  CHECK(editor.image() != before);
  editor.cancel();
  CHECK(editor.image() == before);
  CHECK_FALSE(editor.release());
}

TEST_CASE("A selection is moved over what is there, and on, and has what it covered left again") {
  PixelEditor editor = editor_on(drawn({"rr..", ".r..", "bbbb"}), EditTool::kSelect);
  CHECK_FALSE(stroke(editor, {{0, 0}, {1, 1}}));
  REQUIRE(editor.selection());
  CHECK(*editor.selection() == Rect{0, 0, 2, 2});
  CHECK(stroke(editor, {{0, 0}, {1, 1}})->image == drawn({"....", ".rr.", "bbrb"}));  // its transparent pixel covers nothing
  CHECK(*editor.selection() == Rect{1, 1, 2, 2});
  CHECK(editor.shift(0, -1)->image == drawn({".rr.", "..r.", "bbbb"}));
  CHECK(editor.shift(2, 0)->image == drawn({"...r", "....", "bbbb"}));
  CHECK(editor.shift(-3, 0)->image == drawn({"rr..", ".r..", "bbbb"}));
  CHECK_FALSE(stroke(editor, {{3, 2}}));  // a click elsewhere
  CHECK_FALSE(editor.selection());
}

TEST_CASE("Tools, flips and erasing stay within the selection; without one they take the whole sprite") {
  PixelEditor editor = editor_on(drawn({"....", ".b..", "...."}), EditTool::kSelect);
  CHECK_FALSE(editor.erase_selection());
  stroke(editor, {{1, 1}, {9, 9}});
  CHECK(*editor.selection() == Rect{1, 1, 3, 2});
  editor.kit.tool = EditTool::kPencil;
  CHECK(stroke(editor, {{0, 2}, {3, 2}})->image == drawn({"....", ".b..", ".rrr"}));
  CHECK(editor.flip_left_right()->image == drawn({"....", "...b", ".rrr"}));
  CHECK_FALSE(editor.can_turn());
  CHECK_FALSE(editor.turn(true));
  CHECK(editor.replace(kRed, kBlue)->image == drawn({"....", "...b", ".bbb"}));
  CHECK(editor.erase_selection()->image == Image(4, 3));
  editor.deselect();
  editor = editor_on(drawn({"rb", ".."}));
  CHECK(editor.turn(true)->image == drawn({".r", ".b"}));
  CHECK(editor.turn(false)->image == drawn({"rb", ".."}));
  CHECK(editor.flip_top_bottom()->image == drawn({"..", "rb"}));
  CHECK(editor.shift(1, 1)->image == drawn({"br", ".."}));
  CHECK_FALSE(editor.replace({1, 1, 1, 255}, kRed));
}

TEST_CASE("Another sprite ends what was under way; the same one does not") {
  const Image before = drawn({"b.", ".."});
  PixelEditor editor = editor_on(before, EditTool::kSelect);
  stroke(editor, {{0, 0}, {1, 0}});
  editor.show(before);
  CHECK(editor.selection());
  editor.kit.tool = EditTool::kPencil;
  editor.press({1, 0});
  editor.show(before);
  CHECK(editor.drawing());
  editor.show(drawn({"rr", ".."}));
  CHECK_FALSE(editor.drawing());
  CHECK_FALSE(editor.selection());
  CHECK(editor.image() == drawn({"rr", ".."}));
}

TEST_CASE("What is pasted lies over the middle, is moved as a selection, and leaves what was under it") {
  PixelEditor editor = editor_on(drawn({"bbbb", "bbbb", "bbbb", "bbbb"}));
  const auto pasted = editor.paste_selection(drawn({"r.", "rr"}));
  REQUIRE(pasted);
  CHECK(pasted->what == "Paste");
  CHECK(pasted->image == drawn({"bbbb", "brbb", "brrb", "bbbb"}));
  CHECK(editor.selection() == Rect{1, 1, 2, 2});
  CHECK(editor.kit.tool == EditTool::kSelect);
  CHECK(editor.shift(-1, -1)->image == drawn({"rbbb", "rrbb", "bbbb", "bbbb"}));
  CHECK(stroke(editor, {{0, 0}, {2, 3}})->image == drawn({"bbbb", "bbbb", "bbbb", "bbrb"}));
  CHECK_FALSE(editor_on(Image(2, 2)).paste_selection(Image(0, 0)));
}

}  // namespace
}  // namespace kiln
