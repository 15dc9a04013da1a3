#pragma once

#include "engine/api/lab.h"

namespace kiln {

// An answer with everything in it that the Lab tab shows: the sprite in place of each picture, its colours, two classes, two
// layers.
LabResult fake_lab(const LabRequest& request);

}  // namespace kiln
