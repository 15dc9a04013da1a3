#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/rect.h"
#include "engine/pixelart/scale.h"

namespace kiln {

// An image made to fit to sprites of `width` × `height`: as it is, padded if it is smaller, at its own size if it is a whole-number
// enlargement of such an image. `name` is what the error calls it. Throws Failure(kInvalidArgument) for one that cannot fit.
Image fitted_to_sprite(const Image& image, std::string_view name, int width, int height);

// How an image of any size becomes a sprite.
struct SpriteFit {
  int width = 0, height = 0;              // of the sprite
  int image_width = 0, image_height = 0;  // of the image
  PixelGrid grid = {};                    // its squares that are one pixel each
  Rect part = {};                         // of those pixels, that is kept
  Rect place = {};                        // of it in the sprite; smaller than `part` where that has no room

  bool reduces() const { return place.width < part.width || place.height < part.height; }
};

// As fitted_to_sprite; what cannot fit so is taken at its true pixels, those of a moved grid too, then without its transparent
// margins, then reduced, keeping its proportions. It comes to lie in the middle.
SpriteFit fit_to_sprite(const Image& image, int width, int height);

// The image that the fit was found for, as a sprite.
Image fitted(const Image& image, const SpriteFit& fit);

// Of each pixel of the sprite, whether any of the image's pixels that it shows is marked.
std::vector<bool> fitted_marks(const std::vector<bool>& marks, const SpriteFit& fit);

// What was done: “24×20 was reduced to 16×13”; empty where the sprite has the image's own pixels.
std::string fit_text(const SpriteFit& fit);

}  // namespace kiln
