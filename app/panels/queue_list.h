#pragma once

#include "app/panels/view.h"

namespace kiln {

// How many batches wait, on a button that ends at `right` in a row so high; a click opens them as a list. Returns where it begins,
// or `right` if none waits.
float draw_queue_button(Studio& studio, float right, float height);

}  // namespace kiln
