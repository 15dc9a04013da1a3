#pragma once

#include <vector>

#include "engine/data/sprite_set.h"
#include "engine/training/objective.h"

namespace kiln {

// The sprites `members` with fixed noise at all noise levels, always the same: at most 256 of them, and at least 64 rows, for
// which the same sprite is taken several times. Empty if there are no members.
Example measuring_example(const Objective& objective, const SpriteSet& set, const std::vector<int>& members, int channels);

double mean_of(const std::vector<double>& values);  // NaN if there are none

// Means of the losses of `example` in `bins` equal parts of the time, the least noise first; NaN where there are none.
std::vector<double> means_by_time(const Example& example, const std::vector<double>& losses, int bins);

}  // namespace kiln
