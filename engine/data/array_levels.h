#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace kiln {

// What the numbers of an array stand for: value · scale + shift is a level from 0 to 255.
struct Levels {
  double scale = 1, shift = 0;
  const char* range = "0 … 255";
};

// Tells the range of an array's colours, or of its alpha, from all values.
class ValueRange {
 public:
  void add(double value);
  bool empty() const { return low_ > high_; }

  // Real numbers are of the narrowest usual range that holds nearly all of them, with room beyond it for what resizing leaves.
  // Whole numbers are levels, unless none is above 1. Throws Failure(kUnsupported): of none; `name` is the array's in errors.
  Levels levels(bool real, const std::string& name) const;

 private:
  double low_ = std::numeric_limits<double>::max(), high_ = std::numeric_limits<double>::lowest();
  // Values but zeros, which are in every range; those in the room of each range; those that only levels can be.
  std::int64_t all_ = 0, unit_ = 0, signed_ = 0, bytes_ = 0, large_ = 0;
};

// The same for colours and alpha together: alpha from -1 says that the colours are, too.
struct ArrayLevels {
  Levels colour, alpha;
};
ArrayLevels array_levels(const ValueRange& colour, const ValueRange& alpha, bool real, const std::string& name);

}  // namespace kiln
