#pragma once

#include "engine/api/sampling.h"
#include "engine/base/image.h"

namespace kiln {

// Keeps an image that a request reads, as a PNG named after its SHA-256 in the home folder's `inputs`: a recipe that names it works
// as long as that is there. Not for the thread that draws: it writes a file. Throws as write_png.
ImageFile keep_input_image(const Image& image);

}  // namespace kiln
