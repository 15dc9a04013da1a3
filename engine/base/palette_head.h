#pragma once

#include <vector>

#include "engine/base/palette.h"

namespace kiln {

// The pixels that a network with a palette head chooses from, in the order of its outputs: with an alpha channel “transparent” is
// the first, and others may be half transparent.
using PaletteEntries = std::vector<Rgba8>;

// Those of a head with these colours and no others.
inline PaletteEntries opaque_entries(const Palette& palette, int channels) {
  PaletteEntries entries;
  if (channels == 4) entries.push_back(kTransparent);
  for (const Rgb8& colour : palette.colours) entries.push_back({colour.r, colour.g, colour.b, 255});
  return entries;
}

}  // namespace kiln
