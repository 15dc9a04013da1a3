#pragma once

namespace kiln {

// Memory of this process that is resident, in MB (10⁶ bytes); 0 where the system does not tell.
double resident_mb();

}  // namespace kiln
