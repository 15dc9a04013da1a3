#pragma once

#include "engine/api/catalog.h"

namespace kiln {

// What this build can do on this machine.
Catalog make_catalog();

}  // namespace kiln
