#pragma once

#include "engine/base/image.h"

namespace kiln {

// The image with fewer colours: those no farther apart than `distance` become one: black or white where that is among them, else
// that of most of their pixels, or their median. Begun where most pixels are near to each other, so that a flat with a little noise
// on it becomes one colour, and a shade of its own stays. Distances are those of OKLab with Ottosson's (2021) lightness, which does
// not part dark colours that look alike; half-transparent pixels differ by their alpha, too. Fully transparent ones stay.
Image with_near_colours_merged(const Image& image, double distance);

}  // namespace kiln
