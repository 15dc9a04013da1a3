#pragma once

#include <string>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/palette.h"

namespace kiln {

// The colours of all pixels that are not fully transparent, most frequent first.
std::vector<Rgb8> colours_of(const Image& image);

// "#a0b1c2".
std::string hex(Rgb8 colour);

}  // namespace kiln
