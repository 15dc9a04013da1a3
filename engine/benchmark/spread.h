#pragma once

#include <algorithm>
#include <vector>

namespace kiln {

// The median of repeated measurements, and the quartiles, between which the middle half of them lies.
struct Spread {
  double median = 0, low = 0, high = 0;
};

inline Spread spread_of(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const auto above = std::min(below + 1, values.size() - 1);
    return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
  };
  return {at(0.5), at(0.25), at(0.75)};
}

// `amount` per second, from milliseconds.
inline Spread rate_of(const Spread& ms, double amount) {
  const auto rate = [&](double value) { return value > 0 ? 1000 * amount / value : 0; };
  return {rate(ms.median), rate(ms.high), rate(ms.low)};
}

}  // namespace kiln
