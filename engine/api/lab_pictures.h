#pragma once

#include <cstddef>

#include "engine/api/lab.h"
#include "engine/base/image.h"

namespace kiln {

// Of ColourProbabilities::values: white where an entry is certain, black where it is out of the question.
Image probability_picture(const ValueMap& values, std::size_t entry);

// The signal-to-noise ratio ᾱ / (1 - ᾱ) as a height: its logarithm between 10^-4, 0, and 10^4, 1.
double height_of_snr(double alpha_bar);

}  // namespace kiln
