#pragma once

namespace kiln {

// Memory of this process that is resident, in MB (10⁶ bytes); 0 where the system does not tell.
double resident_mb();

// Freed memory stays with the process from now on, up to a limit, instead of going back to the system piece by piece: a step of
// training frees and takes the same hundred megabytes each time, and new pages cost more than some of its arithmetic. Before other
// threads begin.
void keep_freed_memory();

// Gives back what is kept and not in use. Takes milliseconds.
void release_freed_memory();

}  // namespace kiln
