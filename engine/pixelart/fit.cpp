#include "engine/pixelart/fit.h"

#include <algorithm>
#include <optional>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/pixelart/area_average.h"
#include "engine/pixelart/crop.h"

namespace kiln {
namespace {

constexpr int kMostSamples = 32;  // along each side of a sprite's pixel

std::string size_text(int width, int height) { return std::to_string(width) + "×" + std::to_string(height); }

// Where the first square of a side begins: where the squares are moved, outside of the image.
int first_square(int at, int factor) { return at == 0 ? 0 : at - factor; }

int squares_along(int side, int at, int factor) { return (side - first_square(at, factor) + factor - 1) / factor; }

// All squares, those at the edges too.
Rect all_squares(const SpriteFit& fit) {
  const PixelGrid& grid = fit.grid;
  return {0, 0, squares_along(fit.image_width, grid.x, grid.factor), squares_along(fit.image_height, grid.y, grid.factor)};
}

// One pixel of each square.
Image true_pixels(const Image& image, const SpriteFit& fit) {
  const PixelGrid& grid = fit.grid;
  const Rect all = all_squares(fit);
  const int left = first_square(grid.x, grid.factor), upper = first_square(grid.y, grid.factor);
  Image pixels(all.width, all.height);
  for (int y = 0; y < all.height; ++y) {
    for (int x = 0; x < all.width; ++x)
      std::copy_n(image.pixel(std::max(0, left + x * grid.factor), std::max(0, upper + y * grid.factor)), 4, pixels.pixel(x, y));
  }
  return pixels;
}

// The largest of those proportions that has room, but no larger than it is; in the middle.
Rect place_of(const Rect& part, int width, int height) {
  const auto scaled = [](int side, int to, int from) { return std::max(1, (2 * side * to + from) / (2 * from)); };
  int wide = part.width, high = part.height;
  if (wide > width || high > height) {
    const bool by_width = std::int64_t{wide} * height >= std::int64_t{high} * width;
    high = by_width ? scaled(part.height, width, part.width) : height;
    wide = by_width ? width : scaled(part.width, height, part.height);
  }
  return {(width - wide) / 2, (height - high) / 2, wide, high};
}

// With all of its pixels.
void keep_all(SpriteFit& fit) {
  fit.part = all_squares(fit);
  fit.place = place_of(fit.part, fit.width, fit.height);
}

SpriteFit fit_of_squares(const Image& image, int factor, int width, int height) {
  SpriteFit fit{width, height, image.width, image.height, {factor, 0, 0}};
  keep_all(fit);
  return fit;
}

// The image as it is, or one that is enlarged by `grid`; none if it cannot fit so.
std::optional<SpriteFit> whole_fit(const Image& image, int grid, int width, int height) {
  const int factor = image.width / width;
  if (image.width == width * factor && image.height == height * factor && grid % factor == 0)
    return fit_of_squares(image, factor, width, height);
  if (grid > 1 && image.width / grid <= width && image.height / grid <= height) return fit_of_squares(image, grid, width, height);
  return std::nullopt;
}

bool has_room(const Image& image, int width, int height) { return image.width <= width && image.height <= height; }

}  // namespace

Image fitted_to_sprite(const Image& image, std::string_view name, int width, int height) {
  if (has_room(image, width, height)) return padded_to(image, width, height);
  if (const auto fit = whole_fit(image, grid_factor({image}), width, height)) return fitted(image, *fit);
  throw Failure(ErrorCode::kInvalidArgument,
                "“" + std::string(name) + "” has " + size_text(image.width, image.height) +
                    " pixels, and the sprites of this model " + size_text(width, height),
                "cut it to at most " + size_text(width, height) + " pixels, or use a whole-number enlargement of such an image");
}

SpriteFit fit_to_sprite(const Image& image, int width, int height) {
  if (has_room(image, width, height)) return fit_of_squares(image, 1, width, height);
  const std::vector<Image> alone = {image};
  const int grid = grid_factor(alone);
  if (const auto whole = whole_fit(image, grid, width, height)) return *whole;
  SpriteFit fit = fit_of_squares(image, grid, width, height);
  if (grid == 1) fit.grid = moved_grid(alone);
  keep_all(fit);
  if (!fit.reduces()) return fit;
  const Rect drawn = fit.grid.factor == 1 ? content_rect(image) : content_rect(true_pixels(image, fit));
  if (drawn.width > 0) fit.part = drawn;
  fit.place = place_of(fit.part, width, height);
  return fit;
}

Image fitted(const Image& image, const SpriteFit& fit) {
  const Image kept = fit.grid.factor == 1 ? cut_out(image, fit.part) : cut_out(true_pixels(image, fit), fit.part);
  Image sprite(fit.width, fit.height);
  if (fit.reduces()) {
    const Image sampled = reduced(kept, kMostSamples * std::max(fit.place.width, fit.place.height));
    paste(sprite, area_averaged(sampled, fit.place.width, fit.place.height), fit.place.x, fit.place.y);
  } else {
    paste(sprite, kept, fit.place.x, fit.place.y);
  }
  return sprite;
}

std::vector<bool> fitted_marks(const std::vector<bool>& marks, const SpriteFit& fit) {
  const Rect &part = fit.part, &place = fit.place;
  std::vector<bool> fitted(static_cast<std::size_t>(fit.width) * static_cast<std::size_t>(fit.height), false);
  const auto square = [&](int at, int moved) { return (at - first_square(moved, fit.grid.factor)) / fit.grid.factor; };
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (!marks[i]) continue;
    const auto at = static_cast<int>(i);
    const int x = square(at % fit.image_width, fit.grid.x) - part.x, y = square(at / fit.image_width, fit.grid.y) - part.y;
    if (x < 0 || y < 0 || x >= part.width || y >= part.height) continue;
    for (int row = y * place.height / part.height; row <= ((y + 1) * place.height - 1) / part.height; ++row) {
      for (int column = x * place.width / part.width; column <= ((x + 1) * place.width - 1) / part.width; ++column)
        fitted[static_cast<std::size_t>((place.y + row) * fit.width + place.x + column)] = true;
    }
  }
  return fitted;
}

std::string fit_text(const SpriteFit& fit) {
  const Rect all = all_squares(fit);
  std::vector<std::string> done;
  if (fit.grid.factor > 1) done.push_back("reduced to its true pixels, " + size_text(all.width, all.height));
  if (fit.part != all) done.push_back("cut to what is drawn, " + size_text(fit.part.width, fit.part.height));
  if (fit.reduces()) done.push_back("reduced to " + size_text(fit.place.width, fit.place.height));
  return done.empty() ? "" : size_text(fit.image_width, fit.image_height) + " was " + joined(done, ", then ");
}

}  // namespace kiln
