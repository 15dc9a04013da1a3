#include "app/state/series.h"

#include <algorithm>
#include <cmath>

namespace kiln {
namespace {

SeriesPoint merged(const SeriesPoint& a, const SeriesPoint& b) {
  const auto wa = static_cast<double>(a.count), wb = static_cast<double>(b.count), both = wa + wb;
  return {(a.x * wa + b.x * wb) / both,
          std::min(a.low, b.low),
          std::max(a.high, b.high),
          (a.mean * wa + b.mean * wb) / both,
          b.last_x,
          a.count + b.count};
}

}  // namespace

void Series::add(double x, double y) {
  const bool measured = std::isfinite(y);
  while (!points_.empty() && (points_.back().last_x > x || (measured && points_.back().last_x == x))) points_.pop_back();
  if (!measured) return;
  const SeriesPoint point{x, y, y, y, x, 1};
  if (!points_.empty() && points_.back().count < per_point_) {
    points_.back() = merged(points_.back(), point);
  } else {
    points_.push_back(point);
  }
  newest_ = y;
  if (points_.size() > kMostPoints) halve();
}

void Series::halve() {
  std::vector<SeriesPoint> coarser;
  for (std::size_t i = 0; i < points_.size(); i += 2) {
    coarser.push_back(i + 1 < points_.size() ? merged(points_[i], points_[i + 1]) : points_[i]);
  }
  points_ = std::move(coarser);
  per_point_ *= 2;
}

}  // namespace kiln
