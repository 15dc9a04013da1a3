#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/quality/evaluation_result.h"
#include "engine/quality/featured_set.h"

namespace kiln {

// Two halves of the data, equally many sprites each.
struct Halves {
  std::vector<std::int64_t> first, second;  // members of the data
};

// Sprites to judge and those to judge them by.
struct ComparedPair {
  FeaturedSet samples, reference;
};

// What is compared, by its place.
enum ComparisonPlace {
  kAll,        // generated sprites with all of the data
  kHalf,       // as many of them as one half holds, with the first
  kDrawn,      // the second half with the first
  kAsHeldOut,  // as many as there are held-out ones, of the same classes, with all of the data
  kHeldOut,    // these held-out ones with all of the data
};

// The pairs in that order; the last two only where something is held out.
std::vector<ComparedPair> make_pairs(const FeaturedSet& generated, const FeaturedSet& data, const Halves& halves,
                                     const FeaturedSet& heldout, std::uint64_t seed);

// Names and counts for a report.
void describe(const ComparedPair& pair, ComparisonPlace place, Comparison& result);

// What one step of a comparison measures.
enum class Measure { kFrechet, kKernel, kPrecisionRecall, kCoverage };
inline constexpr int kMeasures = 4;

// Adds one measurement to `result`. classes: how many there are.
void compare(const ComparedPair& pair, Measure measure, int classes, std::uint64_t seed, Comparison& result);

// Share of the set's sprites that the classifier takes for what they are.
double class_accuracy(const FeaturedSet& set);

// The members on either side of such pairs as matched_by_class gives.
std::vector<std::int64_t> firsts_of(const std::vector<std::pair<std::int64_t, std::int64_t>>& pairs);
std::vector<std::int64_t> seconds_of(const std::vector<std::pair<std::int64_t, std::int64_t>>& pairs);

}  // namespace kiln
