#include "engine/pixelart/extremes.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/pixelart/oklab.h"
#include "engine/pixelart/reference_lightness.h"

namespace kiln {
namespace {

constexpr int kNearlyTransparent = 16, kNearlyOpaque = 240, kOpaque = 128;
constexpr double kFewPixels = 0.0234;                  // of an image: 24 of 32×32
constexpr float kDark = 0.12F, kNeutral = 0.05F;       // opaque ones
constexpr float kShadow = 0.25F, kShadowTint = 0.03F;  // half-transparent ones
constexpr double kAlreadyBlack = 1.0 / 3;

template <class Change>
void change_each(Image& image, const Change& change) {
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) change(&image.rgba[i]);
}

void settle_alpha(Image& image) {
  std::size_t partial = 0;
  change_each(image, [&](std::uint8_t* pixel) {
    if (pixel[3] < kNearlyTransparent) pixel[3] = 0;
    if (pixel[3] >= kNearlyOpaque) pixel[3] = 255;
    partial += pixel[3] > 0 && pixel[3] < 255;
  });
  const bool few = static_cast<double>(partial) < kFewPixels * static_cast<double>(image.rgba.size() / 4);
  change_each(image, [&](std::uint8_t* pixel) {
    if (few) pixel[3] = pixel[3] >= kOpaque ? 255 : 0;
    if (pixel[3] == 0) std::fill_n(pixel, 3, std::uint8_t{0});
  });
}

bool is_dark(const std::uint8_t* pixel) {
  const Oklab colour = to_oklab({pixel[0], pixel[1], pixel[2]});
  const bool opaque = pixel[3] == 255;
  return reference_lightness(colour.l) < (opaque ? kDark : kShadow) &&
         std::hypot(colour.a, colour.b) < (opaque ? kNeutral : kShadowTint);
}

void settle_black(Image& image) {
  std::vector<std::uint8_t*> dark;
  std::size_t black = 0;
  change_each(image, [&](std::uint8_t* pixel) {
    if (pixel[3] == 0 || !is_dark(pixel)) return;
    dark.push_back(pixel);
    black += std::max({pixel[0], pixel[1], pixel[2]}) == 0;
  });
  if (static_cast<double>(black) < kAlreadyBlack * static_cast<double>(dark.size())) return;
  for (std::uint8_t* pixel : dark) std::fill_n(pixel, 3, std::uint8_t{0});
}

}  // namespace

Image with_extremes_settled(const Image& image) {
  Image settled = image;
  settle_alpha(settled);
  settle_black(settled);
  return settled;
}

}  // namespace kiln
