#pragma once

#include <vector>

#include "engine/base/file.h"
#include "engine/base/image.h"

namespace kiln {

// An animated GIF89a. Pixels with alpha below 128 become transparent, others opaque; a frame's colours are exact if they are at
// most 256 (255 beside transparency), else reduced by median cut. Each frame replaces the one before, transparent pixels included.
// `delays_ms`: how long each frame stands, rounded to the format's hundredths of a second, two at least. `loop`: for ever, or once.
// Throws Failure(kInvalidArgument) for no frames, frames of several sizes, a side over 65535, or not as many delays as frames.
Bytes encode_gif(const std::vector<Image>& frames, const std::vector<int>& delays_ms, bool loop);

}  // namespace kiln
