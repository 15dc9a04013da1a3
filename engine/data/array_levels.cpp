#include "engine/data/array_levels.h"

#include <algorithm>

#include "engine/base/error.h"

namespace kiln {
namespace {

constexpr Levels kUnit{255, 0, "0 … 1"}, kSigned{127.5, 127.5, "-1 … 1"}, kBytes{};
constexpr double kOutliers = 0.005;  // share of values that may lie anywhere

}  // namespace

void ValueRange::add(double value) {
  constexpr double kRoom = 0.25, kByteRoom = 16, kLarge = 8;
  low_ = std::min(low_, value);
  high_ = std::max(high_, value);
  if (value == 0) return;
  ++all_;
  unit_ += value >= -kRoom && value <= 1 + kRoom;
  signed_ += value >= -1 - kRoom && value <= 1 + kRoom;
  bytes_ += value >= -kByteRoom && value <= 255 + kByteRoom;
  large_ += value > kLarge;
}

Levels ValueRange::levels(bool real, const std::string& name) const {
  if (real) {
    const double few = kOutliers * static_cast<double>(all_);
    const auto nearly_all = [&](std::int64_t count) { return static_cast<double>(all_ - count) <= few; };
    if (nearly_all(unit_)) return kUnit;
    if (nearly_all(signed_)) return kSigned;
    if (nearly_all(bytes_) && static_cast<double>(large_) > few) return kBytes;
  } else {
    if (low_ >= 0 && high_ == 1) return kUnit;
    if (low_ == -1 && high_ <= 1) return kSigned;
    if (low_ >= 0 && high_ <= 255) return kBytes;
  }
  throw Failure(ErrorCode::kUnsupported,
                "the numbers in “" + name + "” go from " + std::to_string(low_) + " to " + std::to_string(high_),
                "bring them to 0 … 255, 0 … 1 or -1 … 1");
}

ArrayLevels array_levels(const ValueRange& colour, const ValueRange& alpha, bool real, const std::string& name) {
  ArrayLevels found;
  found.colour = found.alpha = colour.levels(real, name);
  if (alpha.empty()) return found;
  found.alpha = alpha.levels(real, name);
  if (found.alpha.scale == kSigned.scale && found.colour.scale == kUnit.scale) found.colour = kSigned;
  return found;
}

}  // namespace kiln
