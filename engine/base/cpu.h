#pragma once

#include <string>

namespace kiln {

// Whether the processor multiplies bf16 in hardware (AVX-512 BF16); elsewhere bf16 is slower than fp32.
bool cpu_has_fast_bf16();

// "AMD EPYC", as the processor calls itself.
std::string cpu_name();

// Cores that this process may keep busy, at least 1: those it may run on, or fewer where its control group has a quota.
int usable_cores();

// Whole cores, at least 1, of a control group's `cpu.max` (version 2, "QUOTA PERIOD"): 0 where it tells of no limit.
int cores_of_quota(const std::string& cpu_max);

}  // namespace kiln
