#include "engine/pixelart/scale.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "engine/base/error.h"

namespace kiln {
namespace {

constexpr int kLargestSide = 16384;

std::string size_text(const Image& image) { return std::to_string(image.width) + "×" + std::to_string(image.height); }

bool looks_same(const std::uint8_t* a, const std::uint8_t* b) { return (a[3] == 0 && b[3] == 0) || std::equal(a, a + 4, b); }

// The greatest common divisor of the places where neighbours differ, and of the sides; zero if none differ.
int grid_of(const Image& image) {
  int grid = 0;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width && grid != 1; ++x) {
      if (x > 0 && !looks_same(image.pixel(x, y), image.pixel(x - 1, y))) grid = std::gcd(grid, x);
      if (y > 0 && !looks_same(image.pixel(x, y), image.pixel(x, y - 1))) grid = std::gcd(grid, y);
    }
  }
  return grid == 0 ? 0 : std::gcd(grid, std::gcd(image.width, image.height));
}

// Where colours change along one side.
struct Changes {
  int first = -1, step = 0, count = 0;  // step: of all distances from the first

  void add(int at) {
    if (first < 0) first = at;
    step = std::gcd(step, std::abs(at - first));
    ++count;
  }
};

// Each column and each row of an image once.
void add_changes(const Image& image, Changes& columns, Changes& rows) {
  const auto differ = [&](int x, int y, int dx, int dy) { return !looks_same(image.pixel(x, y), image.pixel(x - dx, y - dy)); };
  for (int x = 1; x < image.width; ++x) {
    for (int y = 0; y < image.height; ++y) {
      if (!differ(x, y, 1, 0)) continue;
      columns.add(x);
      break;
    }
  }
  for (int y = 1; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      if (!differ(x, y, 0, 1)) continue;
      rows.add(y);
      break;
    }
  }
}

}  // namespace

PixelGrid moved_grid(const std::vector<Image>& images) {
  constexpr int kFewest = 6;
  Changes columns, rows;
  for (const Image& image : images) add_changes(image, columns, rows);
  const int factor = std::gcd(columns.step, rows.step);
  if (columns.count < kFewest || rows.count < kFewest || factor < 2) return {};
  const PixelGrid grid{factor, columns.first % factor, rows.first % factor};
  const bool whole = grid.x == 0 && grid.y == 0 && images.front().width % factor == 0 && images.front().height % factor == 0;
  return whole ? PixelGrid{} : grid;
}

Image upscaled(const Image& image, int factor) {
  if (factor < 1 || std::max(image.width, image.height) > kLargestSide / factor) {
    throw Failure(ErrorCode::kInvalidArgument,
                  "an image of " + size_text(image) + " pixels cannot be enlarged ×" + std::to_string(factor),
                  "choose a scale of 1 or more that keeps both sides within 16384 pixels");
  }
  Image large(image.width * factor, image.height * factor);
  for (int y = 0; y < large.height; ++y) {
    for (int x = 0; x < large.width; ++x) std::copy_n(image.pixel(x / factor, y / factor), 4, large.pixel(x, y));
  }
  return large;
}

int grid_factor(const std::vector<Image>& images) {
  int common = 0;
  for (const Image& image : images) common = std::gcd(common, grid_of(image));
  return std::max(common, 1);
}

Image downscaled(const Image& image, int factor) {
  if (factor < 1 || image.width % factor != 0 || image.height % factor != 0) {
    throw Failure(ErrorCode::kInvalidArgument,
                  "an image of " + size_text(image) + " pixels cannot be reduced by " + std::to_string(factor),
                  "choose a factor that divides both sides");
  }
  Image small(image.width / factor, image.height / factor);
  for (int y = 0; y < small.height; ++y) {
    for (int x = 0; x < small.width; ++x) std::copy_n(image.pixel(x * factor, y * factor), 4, small.pixel(x, y));
  }
  return small;
}

Image reduced(const Image& image, int longest) {
  const int factor = (std::max(image.width, image.height) + longest - 1) / longest;
  if (factor <= 1) return image;
  Image small(std::max(1, image.width / factor), std::max(1, image.height / factor));
  for (int y = 0; y < small.height; ++y) {
    for (int x = 0; x < small.width; ++x) std::copy_n(image.pixel(x * factor, y * factor), 4, small.pixel(x, y));
  }
  return small;
}

}  // namespace kiln
