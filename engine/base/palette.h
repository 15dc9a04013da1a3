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

// An ordered list of opaque sRGB colours.
struct Palette {
  std::string name;
  std::vector<Rgb8> colours;
  friend bool operator==(const Palette&, const Palette&) = default;
};

inline constexpr std::string_view kFittedPalette = "auto:";  // before the number of colours that are fitted

}  // namespace kiln
