#include "engine/formats/ase/ase_blend.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace kiln {
namespace {

using Colour = std::array<float, 3>;  // red, green, blue in [0, 1]

float screen(float backdrop, float source) { return backdrop + source - backdrop * source; }

float hard_light(float backdrop, float source) { return source <= 0.5F ? backdrop * 2 * source : screen(backdrop, 2 * source - 1); }

float colour_dodge(float backdrop, float source) {
  if (backdrop <= 0) return 0;
  return source >= 1 ? 1 : std::min(1.0F, backdrop / (1 - source));
}

float colour_burn(float backdrop, float source) {
  if (backdrop >= 1) return 1;
  return source <= 0 ? 0 : 1 - std::min(1.0F, (1 - backdrop) / source);
}

float soft_light(float backdrop, float source) {
  if (source <= 0.5F) return backdrop - (1 - 2 * source) * backdrop * (1 - backdrop);
  const float lit = backdrop <= 0.25F ? ((16 * backdrop - 12) * backdrop + 4) * backdrop : std::sqrt(backdrop);
  return backdrop + (2 * source - 1) * (lit - backdrop);
}

float divide(float backdrop, float source) {
  if (backdrop <= 0) return 0;
  return backdrop >= source ? 1 : backdrop / source;
}

float separable(AseBlend mode, float backdrop, float source) {
  switch (mode) {
    case AseBlend::kMultiply:
      return backdrop * source;
    case AseBlend::kScreen:
      return screen(backdrop, source);
    case AseBlend::kOverlay:
      return hard_light(source, backdrop);
    case AseBlend::kDarken:
      return std::min(backdrop, source);
    case AseBlend::kLighten:
      return std::max(backdrop, source);
    case AseBlend::kColourDodge:
      return colour_dodge(backdrop, source);
    case AseBlend::kColourBurn:
      return colour_burn(backdrop, source);
    case AseBlend::kHardLight:
      return hard_light(backdrop, source);
    case AseBlend::kSoftLight:
      return soft_light(backdrop, source);
    case AseBlend::kDifference:
      return std::abs(backdrop - source);
    case AseBlend::kExclusion:
      return backdrop + source - 2 * backdrop * source;
    case AseBlend::kAddition:
      return std::min(1.0F, backdrop + source);
    case AseBlend::kSubtract:
      return std::max(0.0F, backdrop - source);
    case AseBlend::kDivide:
      return divide(backdrop, source);
    default:
      return source;
  }
}

// Lum, ClipColor, SetLum, Sat and SetSat of the specification's non-separable modes.
float luminosity(const Colour& c) { return 0.3F * c[0] + 0.59F * c[1] + 0.11F * c[2]; }

float saturation(const Colour& c) { return std::ranges::max(c) - std::ranges::min(c); }

Colour with_luminosity(Colour colour, float wanted) {
  const float shift = wanted - luminosity(colour);
  for (float& c : colour) c += shift;
  const float light = luminosity(colour), least = std::ranges::min(colour), most = std::ranges::max(colour);
  if (least < 0 && light > least) {
    for (float& c : colour) c = light + (c - light) * light / (light - least);
  }
  if (most > 1 && most > light) {
    for (float& c : colour) c = light + (c - light) * (1 - light) / (most - light);
  }
  return colour;
}

Colour with_saturation(Colour colour, float wanted) {
  const float least = std::ranges::min(colour), range = saturation(colour);
  for (float& c : colour) c = range > 0 ? (c - least) * wanted / range : 0;
  return colour;
}

Colour blended(AseBlend mode, const Colour& backdrop, const Colour& source) {
  switch (mode) {
    case AseBlend::kHue:
      return with_luminosity(with_saturation(source, saturation(backdrop)), luminosity(backdrop));
    case AseBlend::kSaturation:
      return with_luminosity(with_saturation(backdrop, saturation(source)), luminosity(backdrop));
    case AseBlend::kColour:
      return with_luminosity(source, luminosity(backdrop));
    case AseBlend::kLuminosity:
      return with_luminosity(backdrop, luminosity(source));
    default:
      break;
  }
  Colour result;
  for (std::size_t i = 0; i < 3; ++i) result[i] = separable(mode, backdrop[i], source[i]);
  return result;
}

// Rounded: half of what 510 levels give, plus one. Four of these are made for each pixel, and lround is a call.
std::uint8_t to_byte(float value) {
  return static_cast<std::uint8_t>((static_cast<int>(std::clamp(value, 0.0F, 1.0F) * 510) + 1) / 2);
}

Colour colour_of(const std::uint8_t* pixel) {
  return {static_cast<float>(pixel[0]) / 255, static_cast<float>(pixel[1]) / 255, static_cast<float>(pixel[2]) / 255};
}

void blend_pixel(std::uint8_t* backdrop, const std::uint8_t* source, AseBlend mode, float source_alpha) {
  const float backdrop_alpha = static_cast<float>(backdrop[3]) / 255;
  const float alpha = source_alpha + backdrop_alpha - source_alpha * backdrop_alpha;
  const Colour below = colour_of(backdrop), above = colour_of(source);
  const Colour mixed = mode == AseBlend::kNormal ? above : blended(mode, below, above);
  for (std::size_t i = 0; i < 3; ++i) {
    const float premultiplied = source_alpha * ((1 - backdrop_alpha) * above[i] + backdrop_alpha * mixed[i]) +
                                (1 - source_alpha) * backdrop_alpha * below[i];
    backdrop[i] = to_byte(premultiplied / alpha);
  }
  backdrop[3] = to_byte(alpha);
}

}  // namespace

bool is_ase_blend(int mode) { return mode >= 0 && mode <= static_cast<int>(AseBlend::kDivide); }

AseBlend ase_blend(int mode) { return is_ase_blend(mode) ? static_cast<AseBlend>(mode) : AseBlend::kNormal; }

void blend_ase_row(std::uint8_t* backdrop, const std::uint8_t* source, std::size_t count, AseBlend mode, float opacity) {
  for (std::size_t i = 0; i < count; ++i, backdrop += 4, source += 4) {
    const float source_alpha = static_cast<float>(source[3]) / 255 * opacity;
    if (to_byte(source_alpha) == 0) continue;
    if (source_alpha >= 1 && mode == AseBlend::kNormal) {
      std::copy_n(source, 4, backdrop);
    } else if (backdrop[3] == 0) {
      std::copy_n(source, 3, backdrop);
      backdrop[3] = to_byte(source_alpha);
    } else {
      blend_pixel(backdrop, source, mode, source_alpha);
    }
  }
}

}  // namespace kiln
