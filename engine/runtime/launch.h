#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace kiln {

// A port of this machine's loopback address that nobody listens on now. Throws Failure.
int free_port();

// The environment of process `rank` of `count` on this machine, which meet at `port`: what torchrun sets, then this process's own.
std::vector<std::string> environment_of(int rank, int count, int port);

// Starts this program once more; its id. arguments: the first is the program's name. Throws Failure.
pid_t start_program(std::vector<std::string> arguments, std::vector<std::string> environment);

}  // namespace kiln
