#pragma once

namespace kiln {

// Whether a launcher has started this process as one of several, and whether it is the first of them, which writes.
bool is_launched();
bool is_rank_zero();
// Whether the launcher has started all of them again, after one had failed.
bool is_started_again();

// Runs this program's command line in so many processes on this machine, without its “--processes”, with the variables that
// torchrun sets. Their output is this one's. Ctrl-C and SIGTERM reach all of them. Throws Failure if one of them fails.
void run_processes(int count);

}  // namespace kiln
