#pragma once

#include <string>

namespace kiln {

// Whether the processor multiplies bf16 in hardware (AVX-512 BF16); elsewhere bf16 is slower than fp32.
bool cpu_has_fast_bf16();

// "AMD EPYC", as the processor calls itself.
std::string cpu_name();

// Cores that this process may run on, at least 1.
int usable_cores();

}  // namespace kiln
