#include "engine/api/lab.h"

#include <algorithm>
#include <numeric>

namespace kiln {

double ColourProbabilities::mean(std::size_t entry) const {
  const std::size_t pixels = static_cast<std::size_t>(values.height) * static_cast<std::size_t>(values.width);
  const auto first = values.values.begin() + static_cast<std::ptrdiff_t>(entry * pixels);
  return std::accumulate(first, first + static_cast<std::ptrdiff_t>(pixels), 0.0) / static_cast<double>(pixels);
}

std::vector<std::size_t> ColourProbabilities::likeliest(std::size_t most) const {
  std::vector<double> means(entries.size());
  for (std::size_t entry = 0; entry < entries.size(); ++entry) means[entry] = mean(entry);
  std::vector<std::size_t> order(entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return means[a] > means[b]; });
  order.resize(std::min(most, order.size()));
  std::sort(order.begin(), order.end());
  return order;
}

}  // namespace kiln
