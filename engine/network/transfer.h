#pragma once

#include <string>
#include <vector>

#include "engine/network/model.h"

namespace kiln {

// Copies into `to` every weight of `from` that has the same name and shape. Classes that both know keep their embedding; new ones
// start from the mean of all. Each colour of a palette head begins as the nearest one of the palette head before. `notes` gets a
// line about what was taken. Throws Failure(kInvalidArgument) if nothing fits.
void copy_matching_weights(const Model& from, Model& to, std::vector<std::string>& notes);

}  // namespace kiln
