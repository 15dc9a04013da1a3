#include "engine/api/evaluation.h"

#include <algorithm>

namespace kiln {
namespace {

std::vector<ParamSpec> make_specs() {
  std::vector<ParamSpec> specs = {
      {.id = "count",
       .label = "Sprites",
       .fallback = 0,
       .max = 100000,
       .help = "Sprites to make a draw; 0: half of the data, so that numbers compare",
       .zero_text = "half of the data"},
      {.id = "draws",
       .label = "Draws",
       .fallback = 3,
       .min = 1,
       .max = 100,
       .help = "Times that all is done, each with new sprites and other halves of the data"},
      {.id = "seed",
       .label = "Seed",
       .fallback = 0,
       .largest_seed = kLargestSeed,
       .help = "Of the first sprite and of all choices"},
  };
  const std::size_t own = specs.size();
  for (const ParamSpec& spec : sampling_specs()) {
    const bool known = std::any_of(specs.begin(), specs.begin() + static_cast<std::ptrdiff_t>(own),
                                   [&](const ParamSpec& other) { return other.id == spec.id; });
    const bool settled = spec.id == "preview_every" || spec.id == "frame" || spec.id == "share_seed";  // each sprite has its own
    if (!known && !settled) specs.push_back(spec);
  }
  return specs;
}

}  // namespace

const std::vector<ParamSpec>& evaluation_specs() {
  static const std::vector<ParamSpec> specs = make_specs();
  return specs;
}

}  // namespace kiln
