#include "engine/api/lab_pictures.h"

#include <algorithm>
#include <cmath>

namespace kiln {

Image probability_picture(const ValueMap& values, std::size_t entry) {
  Image picture(values.width, values.height);
  for (int y = 0; y < values.height; ++y) {
    for (int x = 0; x < values.width; ++x) {
      const float part = std::clamp(values.at(static_cast<int>(entry), y, x), 0.0f, 1.0f);
      std::uint8_t* pixel = picture.pixel(x, y);
      std::fill(pixel, pixel + 3, static_cast<std::uint8_t>(std::lround(part * 255)));
      pixel[3] = 255;
    }
  }
  return picture;
}

double height_of_snr(double alpha_bar) {
  constexpr double kDecades = 4, kLeast = 1e-12;
  const double decades = std::log10(std::max(kLeast, alpha_bar) / std::max(kLeast, 1 - alpha_bar));
  return (std::clamp(decades / kDecades, -1.0, 1.0) + 1) / 2;
}

}  // namespace kiln
