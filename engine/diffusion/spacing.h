#pragma once

#include <string_view>
#include <vector>

namespace kiln {

// Which of the T trained steps a run of S steps visits (Lin et al. 2023, table 2, as diffusers rounds them).
enum class Spacing {
  kLeading,   // i · ⌊T/S⌋
  kLinspace,  // S points from 0 to T-1, rounded
  kTrailing,  // T - i · T/S, rounded, less 1: starts at the noisiest step
};

Spacing parse_spacing(std::string_view name);  // "leading", "linspace", "trailing"; throws Failure(kInvalidArgument)

// S = `steps` different steps out of 0 … T-1, the noisiest first; S = T gives every one. A single linspace step is T-1.
// Throws Failure(kInvalidArgument) unless 1 <= steps <= length.
std::vector<int> spaced_timesteps(Spacing spacing, int length, int steps);

}  // namespace kiln
