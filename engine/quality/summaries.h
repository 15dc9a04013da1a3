#pragma once

#include <vector>

#include "engine/quality/evaluation_result.h"
#include "engine/quality/novelty.h"
#include "engine/quality/pixel_statistics.h"

namespace kiln {

// The value below which the share `at` of the values lies, interpolated; NaN of none.
double quantile(std::vector<double> values, double at);

// Adds what a set's sprites are like to its summary. data_colours: numbers of colours of the data's sprites.
void add_pixels(const std::vector<PixelStatistics>& sprites, const std::vector<double>& data_colours, PixelSummary& summary);

// Whether a sprite is to be looked at beside its nearest training sprite: nearer than the threshold, or nearly a copy (at most a
// twentieth of its pixels differ visibly).
bool is_suspect(const NearestMatch& match, double threshold);

// Adds how near a set's sprites are to the training sprites. threshold: nearer ones are suspected of being copies.
void add_novelty(const std::vector<NearestMatch>& matches, double threshold, NoveltySummary& summary);

}  // namespace kiln
