#include "engine/pixelart/area_average.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/base/palette.h"
#include "engine/pixelart/alpha.h"
#include "engine/pixelart/oklab.h"

namespace kiln {
namespace {

// How one pixel along a side lies over at most two cells: so much of it in `cell`, the rest in the next one.
struct Share {
  int cell = 0;
  int first = 0, second = 0;  // together as much as there are cells
};

Share share_of(int at, int side, int cells) {
  const int from = at * cells, cell = from / side, end = (cell + 1) * side;  // in parts of a pixel
  const int first = std::min(cells, end - from);
  return {cell, first, cells - first};
}

// What has come together in a cell.
struct Sum {
  double l = 0, a = 0, b = 0;  // times alpha
  std::int64_t alpha = 0;

  void add(const Oklab& colour, std::int64_t weight) {
    const auto times = static_cast<double>(weight);
    l += times * static_cast<double>(colour.l), a += times * static_cast<double>(colour.a),
        b += times * static_cast<double>(colour.b);
    alpha += weight;
  }
  Oklab colour() const {
    const auto times = static_cast<double>(alpha);
    return {static_cast<float>(l / times), static_cast<float>(a / times), static_cast<float>(b / times)};
  }
};

std::vector<Sum> sums_of(const Image& image, int width, int height) {
  std::vector<Sum> sums(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  const auto add = [&](int x, int y, const Oklab& colour, std::int64_t weight) {
    if (weight > 0)
      sums[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)].add(colour, weight);
  };
  for (int y = 0; y < image.height; ++y) {
    const Share row = share_of(y, image.height, height);
    for (int x = 0; x < image.width; ++x) {
      const std::uint8_t* pixel = image.pixel(x, y);
      if (pixel[3] == 0) continue;
      const Oklab colour = to_oklab(Rgb8{pixel[0], pixel[1], pixel[2]});
      const Share column = share_of(x, image.width, width);
      const std::int64_t upper = std::int64_t{pixel[3]} * row.first, lower = std::int64_t{pixel[3]} * row.second;
      add(column.cell, row.cell, colour, upper * column.first);
      add(column.cell + 1, row.cell, colour, upper * column.second);
      add(column.cell, row.cell + 1, colour, lower * column.first);
      add(column.cell + 1, row.cell + 1, colour, lower * column.second);
    }
  }
  return sums;
}

}  // namespace

Image area_averaged(const Image& image, int width, int height) {
  Image small(width, height);
  const std::int64_t whole = std::int64_t{image.width} * image.height;  // what each cell's parts come to
  std::uint8_t* pixel = small.rgba.data();
  for (const Sum& sum : sums_of(image, width, height)) {
    if (const std::int64_t alpha = (2 * sum.alpha + whole) / (2 * whole); alpha > 0) {
      const Rgb8 colour = to_rgb8(sum.colour());
      pixel[0] = colour.r, pixel[1] = colour.g, pixel[2] = colour.b, pixel[3] = static_cast<std::uint8_t>(alpha);
    }
    pixel += 4;
  }
  return alpha_kind(image) == AlphaKind::kSoft ? small : with_hard_alpha(small);
}

}  // namespace kiln
