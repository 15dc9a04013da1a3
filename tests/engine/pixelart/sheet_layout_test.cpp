#include "engine/pixelart/sheet_layout.h"

#include <doctest/doctest.h>

#include <climits>
#include <utility>
#include <vector>

#include "engine/pixelart/scale.h"
#include "support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

Image sheet_of(const std::vector<Image>& sprites, const SheetOptions& options) { return pack_sheet(sprites, options).image; }

std::vector<Rect> whole(std::size_t count, int side) { return std::vector<Rect>(count, {0, 0, side, side}); }

ErrorCode code_of_layout(std::size_t count, const SheetOptions& options) {
  return code_of([&] { sheet_layout(whole(count, 16), 16, 16, options); });
}

}  // namespace

TEST_CASE("sprites in a sheet, with padding between them, enlarged") {
  const std::vector<Image> sprites = {drawn({"rr", "rr"}), drawn({"gg", "gg"}), drawn({"b"})};
  CHECK(sheet_of(sprites, {}) == drawn({"rrgg", "rrgg", "b...", "...."}));
  CHECK(sheet_of(sprites, {.columns = 3, .padding = 1}) == drawn({"rr.gg.b.", "rr.gg..."}));
  CHECK(sheet_of(sprites, {.columns = 1}) == drawn({"rr", "rr", "gg", "gg", "b.", ".."}));
  CHECK(sheet_of(sprites, {.columns = 3, .padding = 1, .scale = 2}) ==
        upscaled(sheet_of(sprites, {.columns = 3, .padding = 1}), 2));
  CHECK(sheet_of(sprites, {.columns = 9}) == drawn({"rrggb.", "rrgg.."}));
  const SheetLayout layout = sheet_layout(whole(3, 2), 2, 2, {.columns = 2, .padding = 1, .scale = 4});
  CHECK(layout.width == 20);
  CHECK(layout.height == 20);
  CHECK(layout.frames[2].area == Rect{0, 12, 8, 8});
  CHECK(layout.frames[1].area == Rect{12, 0, 8, 8});
  const std::vector<std::pair<std::size_t, int>> squares = {{1, 1}, {2, 2}, {4, 2}, {5, 3}, {16, 4}, {64, 8}};
  for (const auto& [count, columns] : squares) CHECK(sheet_layout(whole(count, 16), 16, 16, {}).columns == columns);
}

TEST_CASE("a border, inner padding, extruded edges, and sides that are powers of two") {
  const std::vector<Image> sprites = {drawn({"rg", "by"}), drawn({"ww", "ww"})};
  CHECK(sheet_of(sprites, {.border = 1}) == drawn({"......", ".rgww.", ".byww.", "......"}));
  CHECK(sheet_of(sprites, {.columns = 1, .extrude = 1}) == drawn({"rrgg", "rrgg", "bbyy", "bbyy", "wwww", "wwww", "wwww", "wwww"}));
  CHECK(sheet_of({sprites[0]}, {.extrude = 1, .scale = 2}) == upscaled(drawn({"rrgg", "rrgg", "bbyy", "bbyy"}), 2));
  const PackedSheet inner = pack_sheet(sprites, {.inner_padding = 1});
  CHECK(inner.image == drawn({"........", ".rg..ww.", ".by..ww.", "........"}));
  CHECK(inner.layout.frames[1].area == Rect{4, 0, 4, 4});
  CHECK(inner.layout.frames[1].place == Rect{0, 0, 2, 2});
  CHECK(sheet_of(sprites, {.columns = 1, .border = 1, .power_of_two = true}) ==
        drawn({"....", ".rg.", ".by.", ".ww.", ".ww.", "....", "....", "...."}));
}

TEST_CASE("trimmed frames, and where they were") {
  const std::vector<Image> sprites = {drawn({"....", ".rr.", "....", "...."}), drawn({"b...", "b...", "b...", "...."}),
                                      drawn({"....", "....", "....", "...."})};
  const PackedSheet sheet = pack_sheet(sprites, {.columns = 2, .scale = 2, .trim = true});
  CHECK(sheet.image == upscaled(drawn({"rrb", "..b", "..b", "..."}), 2));
  CHECK(sheet.layout.frames[0].area == Rect{0, 0, 4, 2});
  CHECK(sheet.layout.frames[0].place == Rect{2, 2, 4, 2});
  CHECK(sheet.layout.frames[1].area == Rect{4, 0, 2, 6});
  CHECK(sheet.layout.frames[1].place == Rect{0, 0, 2, 6});
  CHECK(sheet.layout.frames[2].area == Rect{0, 6, 2, 2});
  CHECK(sheet.layout.frames[2].full_width == 8);
}

TEST_CASE("sheets that cannot be") {
  constexpr auto kInvalid = ErrorCode::kInvalidArgument;
  CHECK(code_of([] { pack_sheet({}, {}); }) == kInvalid);
  CHECK(code_of_layout(4, {.columns = -1}) == kInvalid);
  CHECK(code_of_layout(4, {.padding = -1}) == kInvalid);
  CHECK(code_of_layout(4, {.border = -1}) == kInvalid);
  CHECK(code_of_layout(4, {.scale = 0}) == kInvalid);
  CHECK(code_of_layout(4, {.padding = INT_MAX, .scale = INT_MAX}) == kInvalid);
  CHECK(code_of_layout(4, {.border = INT_MAX, .inner_padding = INT_MAX}) == kInvalid);
  CHECK(code_of_layout(4, {.extrude = INT_MAX}) == kInvalid);
  CHECK(code_of_layout(4, {.inner_padding = 1, .extrude = 1}) == kInvalid);
  CHECK(sheet_layout(whole(9, 16), 16, 16, {.columns = 1, .padding = 1816, .power_of_two = true}).height == 16384);  // of 14672
  CHECK(sheet_layout(whole(1, 16), 16, 16, {.padding = INT_MAX, .scale = 16}).frames[0].area == Rect{0, 0, 256, 256});
}
