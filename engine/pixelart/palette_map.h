#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/palette_head.h"
#include "engine/pixelart/oklab.h"

namespace kiln {

// The index of the nearest one; 0 where there are none.
std::size_t nearest(const std::vector<Oklab>& colours, const Oklab& colour);
std::size_t nearest(const std::vector<OklabAlpha>& pixels, const OklabAlpha& pixel);

// The nearest colours of a palette, in OKLab.
class PaletteMap {
 public:
  // Throws Failure(kInvalidArgument) for an empty palette.
  explicit PaletteMap(const Palette& palette);
  Rgb8 nearest(const Rgb8& colour) const { return colours_[kiln::nearest(places_, to_oklab(colour))]; }

  // The image with every pixel that is not wholly transparent in a colour of the palette: the nearest one, but where others are
  // about as near, one that neighbouring pixels have (a Potts prior, by iterated conditional modes: Besag 1986). Alpha stays.
  Image smoothly(const Image& image) const;

 private:
  std::vector<Rgb8> colours_;
  std::vector<Oklab> places_;
  float spacing_ = 0;  // the median distance of a colour to the one nearest to it
};

// The image in the palette's colours: each opaque pixel becomes the nearest one with alpha 255, each other pixel 0,0,0,0. Throws as
// PaletteMap.
Image map_to_palette(const Image& image, const Palette& palette);

// The image with each pixel as the nearest of the entries, their alpha included. Throws Failure(kInvalidArgument) if there are
// none.
Image map_to_entries(const Image& image, const PaletteEntries& entries);

}  // namespace kiln
