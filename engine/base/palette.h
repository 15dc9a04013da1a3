#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kiln {

struct Rgb8 {
  std::uint8_t r = 0, g = 0, b = 0;
  friend auto operator<=>(const Rgb8&, const Rgb8&) = default;
};

// A pixel's value, straight alpha. Transparent is one value: with alpha 0 the colour is 0,0,0 too.
struct Rgba8 {
  std::uint8_t r = 0, g = 0, b = 0, a = 0;
  friend auto operator<=>(const Rgba8&, const Rgba8&) = default;
};
inline constexpr Rgba8 kTransparent{};

// An ordered list of opaque sRGB colours.
struct Palette {
  std::string name;
  std::vector<Rgb8> colours;
  friend bool operator==(const Palette&, const Palette&) = default;
};

inline constexpr std::string_view kFittedPalette = "auto:";  // before the number of colours that are fitted

}  // namespace kiln
