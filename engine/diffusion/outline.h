#pragma once

#include <ATen/core/Tensor.h>

#include <string_view>

namespace kiln {

// What the outermost opaque pixels of a sprite are made to be, in each prediction of the sprites, so that the rest forms with it.
enum class Outline {
  kOff,        // as the network draws them
  kDark,       // nearly black
  kSelective,  // a darker shade of what is within (“selout”)
  kNone        // as what is within: no outline
};

// "off", "dark", "selective", "none". Throws Failure(kInvalidArgument).
Outline parse_outline(std::string_view text);

// x0: [B, 4, H, W] in [-1, 1], alpha last. Opaque pixels with a transparent one, or the border, on one of four sides are drawn to
// their colour, the more the surer their alpha is. Each sprite by itself, pixel by pixel: where it lies in the batch changes no
// bit.
at::Tensor outlined(Outline outline, const at::Tensor& x0);

}  // namespace kiln
