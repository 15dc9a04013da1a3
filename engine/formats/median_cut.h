#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "engine/base/palette.h"

namespace kiln {

// At most `count` colours for the weighted colours of `histogram`: boxes of colours are halved at the weighted median of their
// longest side, the heaviest spread first (Heckbert 1982), and each stands for its weighted mean. All colours, if they are few
// enough.
std::vector<Rgb8> median_cut(const std::map<Rgb8, std::size_t>& histogram, std::size_t count);

}  // namespace kiln
