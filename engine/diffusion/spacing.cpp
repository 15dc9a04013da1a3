#include "engine/diffusion/spacing.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

// Half to even, as numpy's round.
int rounded(double value) { return static_cast<int>(std::nearbyint(value)); }

// The i-th step from the noisy end.
int timestep(Spacing spacing, int length, int steps, int i) {
  const int from_clean = steps - 1 - i;
  switch (spacing) {
    case Spacing::kLeading:
      return from_clean * (length / steps);
    case Spacing::kLinspace:
      return steps == 1 ? length - 1 : rounded(static_cast<double>(from_clean) * (length - 1) / (steps - 1));
    case Spacing::kTrailing:
      break;
  }
  return rounded(length - static_cast<double>(i) * length / steps) - 1;
}

}  // namespace

Spacing parse_spacing(std::string_view name) {
  if (name == "leading") return Spacing::kLeading;
  if (name == "linspace") return Spacing::kLinspace;
  if (name == "trailing") return Spacing::kTrailing;
  throw Failure(ErrorCode::kInvalidArgument, "there is no step spacing “" + std::string(name) + "”",
                name_hint(name, {"leading", "linspace", "trailing"}));
}

std::vector<int> spaced_timesteps(Spacing spacing, int length, int steps) {
  if (steps < 1 || steps > length) {
    throw Failure(ErrorCode::kInvalidArgument,
                  "this model has " + std::to_string(length) + " noise levels and cannot take " + std::to_string(steps) + " steps",
                  "choose between 1 and " + std::to_string(length) + " steps");
  }
  std::vector<int> timesteps(static_cast<std::size_t>(steps));
  for (int i = 0; i < steps; ++i) timesteps[static_cast<std::size_t>(i)] = timestep(spacing, length, steps, i);
  return timesteps;
}

}  // namespace kiln
