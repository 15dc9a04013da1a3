#pragma once

#include <cstddef>
#include <cstdint>

namespace kiln {

// Aseprite's blend modes by their numbers in the file. The first sixteen are those of the W3C's “Compositing and Blending Level 1”
// (https://www.w3.org/TR/compositing-1/#blending); the last three are the usual arithmetic, cut off at black and white.
enum class AseBlend : int {
  kNormal,
  kMultiply,
  kScreen,
  kOverlay,
  kDarken,
  kLighten,
  kColourDodge,
  kColourBurn,
  kHardLight,
  kSoftLight,
  kDifference,
  kExclusion,
  kHue,
  kSaturation,
  kColour,
  kLuminosity,
  kAddition,
  kSubtract,
  kDivide,
};

// The mode of that number; nothing known becomes kNormal.
bool is_ase_blend(int mode);
AseBlend ase_blend(int mode);

// Composites `count` pixels over the backdrop (source-over, by the same specification): RGBA, straight alpha. `opacity`, in [0, 1],
// multiplies the source's alpha. Pixels that the source leaves transparent stay as they are.
void blend_ase_row(std::uint8_t* backdrop, const std::uint8_t* source, std::size_t count, AseBlend mode, float opacity);

}  // namespace kiln
