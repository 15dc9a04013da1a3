#include "engine/quality/comparison.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "engine/quality/frechet.h"
#include "engine/quality/kernel_distance.h"
#include "engine/quality/precision_recall.h"

namespace kiln {
namespace {

constexpr int kKernelSubsets = 50, kKernelSubsetSize = 1000;

double mean_of_finite(const std::vector<double>& values) {
  Measured finite;
  finite.add(values);
  return finite.mean();
}

std::vector<std::int64_t> count_up(std::size_t count) {
  std::vector<std::int64_t> all(count);
  std::iota(all.begin(), all.end(), std::int64_t{0});
  return all;
}

}  // namespace

std::vector<std::int64_t> firsts_of(const std::vector<std::pair<std::int64_t, std::int64_t>>& pairs) {
  std::vector<std::int64_t> all;
  for (const auto& pair : pairs) all.push_back(pair.first);
  return all;
}

std::vector<std::int64_t> seconds_of(const std::vector<std::pair<std::int64_t, std::int64_t>>& pairs) {
  std::vector<std::int64_t> all;
  for (const auto& pair : pairs) all.push_back(pair.second);
  return all;
}

std::vector<ComparedPair> make_pairs(const FeaturedSet& generated, const FeaturedSet& data, const Halves& halves,
                                     const FeaturedSet& heldout, std::uint64_t seed) {
  const FeaturedSet half = data.select(halves.first);
  std::vector<ComparedPair> pairs = {{generated, data},
                                     {generated.select(count_up(std::min(generated.size(), halves.second.size()))), half},
                                     {data.select(halves.second), half}};
  const auto both = matched_by_class(heldout.classes, generated.classes, seed);
  if (both.size() < 2) return pairs;
  pairs.push_back({generated.select(seconds_of(both)), data});
  pairs.push_back({heldout.select(firsts_of(both)), data});
  return pairs;
}

void describe(const ComparedPair& pair, ComparisonPlace place, Comparison& result) {
  result.samples = place == kDrawn ? "drawn" : place == kHeldOut ? "held-out" : "generated";
  result.reference = place == kHalf || place == kDrawn ? "half" : "all";
  result.sample_count = static_cast<int>(pair.samples.size());
  result.reference_count = static_cast<int>(pair.reference.size());
}

void compare(const ComparedPair& pair, Measure measure, int classes, std::uint64_t seed, Comparison& result) {
  const auto& [samples, reference] = pair;
  switch (measure) {
    case Measure::kFrechet:
      result.frechet.add(frechet_distance(samples.features, reference.features));
      break;
    case Measure::kKernel:
      result.kernel.add(kernel_distances(samples.features, reference.features, kKernelSubsets, kKernelSubsetSize, seed));
      break;
    case Measure::kPrecisionRecall: {
      const PrecisionRecall found = precision_recall(samples.features, reference.features);
      result.precision.add(found.precision);
      result.recall.add(found.recall);
      break;
    }
    case Measure::kCoverage:
      result.coverage.add(
          mean_of_finite(coverage_by_class(samples.features, samples.classes, reference.features, reference.classes, classes)));
      break;
  }
}

double class_accuracy(const FeaturedSet& set) {
  double right = 0;
  for (std::size_t i = 0; i < set.size(); ++i) right += set.predicted[i] == set.classes[i];
  return right / static_cast<double>(set.size());
}

}  // namespace kiln
