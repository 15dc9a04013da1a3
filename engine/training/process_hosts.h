#pragma once

#include <string>
#include <vector>

#include "engine/training/process_group.h"

namespace kiln {

// The host that each process runs on, by rank, in all of them. Throws Failure: as sum.
std::vector<std::string> hosts_of(ProcessGroup& group);

}  // namespace kiln
