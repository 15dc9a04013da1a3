#pragma once

#include <string_view>

namespace kiln {

// Instruction sets that the kernels are compiled for, from the plainest up. Each includes all that come before it.
enum class Isa { kScalar, kAvx2, kAvx512, kAvx512Bf16 };

std::string_view to_string(Isa isa);

// The best set that this processor and this build have.
Isa detected_isa();

// The set that the kernels use: detected_isa(), or what set_kernel_isa asked for.
Isa kernel_isa();

// Uses `isa` from now on, in all threads, or detected_isa() where the machine has less.
void set_kernel_isa(Isa isa);

}  // namespace kiln
