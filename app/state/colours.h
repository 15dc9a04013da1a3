#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/palette.h"

namespace kiln {

// The colours of all pixels that are at least half opaque, most frequent first.
std::vector<Rgb8> colours_of(const Image& image);

// Those of `colours`, in order, that differ from each one before them by at least `distance` (Euclidean, in grey levels of RGB).
std::vector<Rgb8> apart(const std::vector<Rgb8>& colours, int distance);

// "#a0b1c2".
std::string hex(Rgb8 colour);

// The colour that hex() writes so; nothing for any other text.
std::optional<Rgb8> parse_hex(const std::string& text);

}  // namespace kiln
