#include "engine/pixelart/sheet_layout.h"

#include <algorithm>
#include <cmath>

#include "engine/base/error.h"
#include "engine/pixelart/crop.h"
#include "engine/pixelart/scale.h"

namespace kiln {
namespace {

constexpr long long kLargestSide = 16384;

void check(const SheetOptions& o, std::size_t count, int full_width, int full_height) {
  if (count < 1 || full_width < 1 || full_height < 1) {
    throw Failure(ErrorCode::kInvalidArgument, "a sheet needs at least one sprite", "keep or make a sprite first");
  }
  if (std::min({o.columns, o.padding, o.border, o.inner_padding, o.extrude}) < 0 || o.scale < 1) {
    throw Failure(ErrorCode::kInvalidArgument, "a sheet cannot have negative columns or padding, or a scale below 1",
                  "choose columns and padding of 0 or more and a scale of 1 or more");
  }
  if (o.extrude > 0 && o.inner_padding > 0) {
    throw Failure(ErrorCode::kInvalidArgument,
                  "frames with inner padding have transparent edges, so that there is nothing to extrude",
                  "choose either inner padding or extrude");
  }
}

long long power_of_two(long long side) {
  long long power = 1;
  while (power < side) power *= 2;
  return power;
}

// Where cells of these sizes begin, and behind the last one where the sheet ends.
std::vector<long long> begins_of(const std::vector<int>& sizes, const SheetOptions& o) {
  std::vector<long long> begins;
  long long at = o.border;
  for (const int size : sizes) {
    begins.push_back(at);
    at += size + 2LL * o.inner_padding + 2LL * o.extrude + o.padding;
  }
  begins.push_back(at - o.padding + o.border);
  return begins;
}

int finished_side(long long side, const SheetOptions& o) {
  const long long scaled = side > kLargestSide / o.scale ? kLargestSide + 1 : side * o.scale;
  const long long whole = o.power_of_two ? power_of_two(scaled) : scaled;
  if (whole > kLargestSide) {
    throw Failure(ErrorCode::kInvalidArgument, "the sheet would be larger than 16384 pixels",
                  "choose a smaller scale or padding, or other columns");
  }
  return static_cast<int>(whole);
}

Rect scaled(const Rect& rect, int scale) { return {rect.x * scale, rect.y * scale, rect.width * scale, rect.height * scale}; }

// What is drawn of a sprite when it is trimmed: one transparent pixel of one that is empty.
Rect trimmed_rect(const Image& sprite) {
  const Rect rect = content_rect(sprite);
  return rect.width < 1 || rect.height < 1 ? Rect{0, 0, 1, 1} : rect;
}

// What is drawn of each of these, which are of one size.
std::vector<Rect> contents_of(const std::vector<Image>& sprites, const SheetOptions& options) {
  std::vector<Rect> contents;
  contents.reserve(sprites.size());
  for (const Image& sprite : sprites)
    contents.push_back(options.trim ? trimmed_rect(sprite) : Rect{0, 0, sprite.width, sprite.height});
  return contents;
}

// Repeats the edge of `area` around it.
void extrude(Image& sheet, const Rect& area, int by) {
  for (int y = area.y - by; y < area.y + area.height + by; ++y) {
    const int from_y = std::clamp(y, area.y, area.y + area.height - 1);
    for (int x = area.x - by; x < area.x + area.width + by; ++x) {
      const int from_x = std::clamp(x, area.x, area.x + area.width - 1);
      if (from_x != x || from_y != y) std::copy_n(sheet.pixel(from_x, from_y), 4, sheet.pixel(x, y));
    }
  }
}

}  // namespace

SheetOptions sheet_options(const ParamMap& values) {
  const auto whole = [&](const char* id) { return static_cast<int>(get_int(values, id)); };
  return {whole("columns"), whole("padding"), whole("border"),          whole("inner_padding"),
          whole("extrude"), whole("scale"),   get_bool(values, "trim"), get_bool(values, "power_of_two")};
}

SheetLayout sheet_layout(const std::vector<Rect>& contents, int full_width, int full_height, const SheetOptions& options) {
  check(options, contents.size(), full_width, full_height);
  const auto count = contents.size();
  auto columns = static_cast<std::size_t>(options.columns);
  if (columns == 0) columns = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(count))));
  columns = std::min(columns, count);
  std::vector<int> widths(columns), heights(1 + (count - 1) / columns);
  for (std::size_t i = 0; i < count; ++i) {
    widths[i % columns] = std::max(widths[i % columns], contents[i].width);
    heights[i / columns] = std::max(heights[i / columns], contents[i].height);
  }
  const auto x = begins_of(widths, options), y = begins_of(heights, options);
  SheetLayout layout{static_cast<int>(columns),
                     static_cast<int>(heights.size()),
                     finished_side(x.back(), options),
                     finished_side(y.back(), options),
                     {},
                     (options.border + options.extrude) * options.scale,
                     (options.padding + 2 * options.extrude) * options.scale};
  for (std::size_t i = 0; i < count; ++i) {
    const Rect& content = contents[i];
    const Rect area{static_cast<int>(x[i % columns]) + options.extrude, static_cast<int>(y[i / columns]) + options.extrude,
                    content.width + 2 * options.inner_padding, content.height + 2 * options.inner_padding};
    layout.frames.push_back(
        {scaled(area, options.scale), scaled(content, options.scale), full_width * options.scale, full_height * options.scale});
  }
  return layout;
}

std::vector<Image> of_one_size(const std::vector<Image>& sprites) {
  int width = 0, height = 0;
  for (const Image& sprite : sprites) {
    width = std::max(width, sprite.width);
    height = std::max(height, sprite.height);
  }
  std::vector<Image> same;
  same.reserve(sprites.size());
  for (const Image& sprite : sprites) same.push_back(padded_to(sprite, width, height));
  return same;
}

SheetLayout sheet_layout(const std::vector<Image>& sprites, const SheetOptions& options) {
  const std::vector<Image> same = of_one_size(sprites);
  const int width = same.empty() ? 0 : same.front().width, height = same.empty() ? 0 : same.front().height;
  return sheet_layout(contents_of(same, options), width, height, options);
}

PackedSheet pack_sheet(const std::vector<Image>& sprites, const SheetOptions& options) {
  const std::vector<Image> same = of_one_size(sprites);
  const std::vector<Rect> contents = contents_of(same, options);
  const int width = same.empty() ? 0 : same.front().width, height = same.empty() ? 0 : same.front().height;
  PackedSheet sheet{sheet_layout(contents, width, height, options), {}};
  sheet.image = Image(sheet.layout.width, sheet.layout.height);
  for (std::size_t i = 0; i < same.size(); ++i) {
    const Rect& area = sheet.layout.frames[i].area;
    const int inner = options.inner_padding * options.scale;
    paste(sheet.image, upscaled(cut_out(same[i], contents[i]), options.scale), area.x + inner, area.y + inner);
    if (options.extrude > 0) extrude(sheet.image, area, options.extrude * options.scale);
  }
  return sheet;
}

}  // namespace kiln
