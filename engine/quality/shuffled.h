#pragma once

#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "engine/data/counter_random.h"

namespace kiln {

// 0 … count - 1 in a random order that depends on seed and stream alone (Fisher & Yates).
inline std::vector<std::int64_t> shuffled(std::int64_t count, std::uint64_t seed, std::uint64_t stream) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  CounterRandom random(seed, stream, 0x5F);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

}  // namespace kiln
