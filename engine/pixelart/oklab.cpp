#include "engine/pixelart/oklab.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/pixelart/gamut.h"

namespace kiln {
namespace {

// The sRGB transfer function (IEC 61966-2-1).
float to_linear(std::uint8_t value) {
  static const std::array<float, 256> table = [] {
    std::array<float, 256> linear{};
    for (std::size_t i = 0; i < linear.size(); ++i) {
      const float v = static_cast<float>(i) / 255.0f;
      linear[i] = v <= 0.04045f ? v / 12.92f : std::pow((v + 0.055f) / 1.055f, 2.4f);
    }
    return linear;
  }();
  return table[value];
}

std::uint8_t from_linear(float value) {
  const float v = value <= 0.0031308f ? 12.92f * value : 1.055f * std::pow(value, 1.0f / 2.4f) - 0.055f;
  return static_cast<std::uint8_t>(std::lround(std::clamp(v, 0.0f, 1.0f) * 255.0f));
}

struct Linear {
  float r = 0, g = 0, b = 0;
};

// The inverse of to_oklab, outside 0 … 1 for a colour outside sRGB.
Linear to_linear(const Oklab& colour) {
  const float l = std::pow(colour.l + 0.3963377774f * colour.a + 0.2158037573f * colour.b, 3.0f);
  const float m = std::pow(colour.l - 0.1055613458f * colour.a - 0.0638541728f * colour.b, 3.0f);
  const float s = std::pow(colour.l - 0.0894841775f * colour.a - 1.2914855480f * colour.b, 3.0f);
  return {4.0767416621f * l - 3.3077115913f * m + 0.2309699292f * s, -1.2684380046f * l + 2.6097574011f * m - 0.3413193965f * s,
          -0.0041960863f * l - 0.7034186147f * m + 1.7076147010f * s};
}

bool in_srgb(const Linear& colour) {
  const auto inside = [](float value) { return value >= -0.0005f && value <= 1.0005f; };  // a tenth of a grey level
  return inside(colour.r) && inside(colour.g) && inside(colour.b);
}

}  // namespace

// The matrices are those of Ottosson, "A perceptual color space for image processing", 2020.
Oklab to_oklab(const Rgb8& colour) {
  const float r = to_linear(colour.r), g = to_linear(colour.g), b = to_linear(colour.b);
  const float l = std::cbrt(0.4122214708f * r + 0.5363325363f * g + 0.0514459929f * b);
  const float m = std::cbrt(0.2119034982f * r + 0.6806995451f * g + 0.1073969566f * b);
  const float s = std::cbrt(0.0883024619f * r + 0.2817188376f * g + 0.6299787005f * b);
  return {0.2104542553f * l + 0.7936177850f * m - 0.0040720468f * s, 1.9779984951f * l - 2.4285922050f * m + 0.4505937099f * s,
          0.0259040371f * l + 0.7827717662f * m - 0.8086757660f * s};
}

Rgb8 to_rgb8(const Oklab& colour) {
  const Linear linear = to_linear(colour);
  return {from_linear(linear.r), from_linear(linear.g), from_linear(linear.b)};
}

OklabAlpha to_oklab_alpha(const Rgba8& pixel) {
  const Oklab colour = to_oklab(Rgb8{pixel.r, pixel.g, pixel.b});
  const float alpha = static_cast<float>(pixel.a) / 255;
  return {{colour.l * alpha, colour.a * alpha, colour.b * alpha}, alpha};
}

Rgba8 to_rgba8(const OklabAlpha& pixel) {
  const auto alpha = static_cast<std::uint8_t>(std::lround(std::clamp(pixel.alpha, 0.0F, 1.0F) * 255));
  if (alpha == 0) return kTransparent;
  const auto& [l, a, b] = pixel.colour;
  const Rgb8 colour = to_rgb8({l / pixel.alpha, a / pixel.alpha, b / pixel.alpha});
  return {colour.r, colour.g, colour.b, alpha};
}

Rgb8 to_rgb8_by_chroma(const Oklab& colour) {
  if (in_srgb(to_linear(colour))) return to_rgb8(colour);
  float low = 0, high = 1;  // share of the chroma that is kept
  for (int i = 0; i < 20; ++i) {
    const float middle = (low + high) / 2;
    (in_srgb(to_linear(Oklab{colour.l, colour.a * middle, colour.b * middle})) ? low : high) = middle;
  }
  return to_rgb8({colour.l, colour.a * low, colour.b * low});
}

}  // namespace kiln
