#pragma once

#include <optional>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/palette.h"

namespace kiln {

enum class AlphaKind {
  kNone,  // every pixel is opaque
  kHard,  // every pixel is opaque or fully transparent
  kSoft,  // some are in between
};

AlphaKind alpha_kind(const Image& image);

// Alpha 255 from `threshold` on, else 0 with the colour cleared.
Image with_hard_alpha(const Image& image, int threshold = 128);

// The image with colour 0,0,0 wherever alpha is 0.
Image with_hidden_colour_cleared(const Image& image);

// The image with every opaque pixel of exactly this colour made transparent.
Image with_colour_cleared(const Image& image, const Rgb8& colour);

// The image over an opaque colour.
Image over_colour(const Image& image, const Rgb8& colour);

// The mean of the opaque pixels along the images' borders; white if there are none.
Rgb8 mean_border_colour(const std::vector<const Image*>& images);

// The colour that seems to stand for an empty background: the image is opaque, has other colours too, and its four corners or at
// least four fifths of its border have this one.
std::optional<Rgb8> suspected_background(const Image& image);

// The image with all pixels made transparent that are connected to the border, side to side, through pixels of this colour.
// `tolerance`: how far each channel may be from it.
Image with_background_cleared(const Image& image, const Rgb8& colour, int tolerance = 0);

}  // namespace kiln
