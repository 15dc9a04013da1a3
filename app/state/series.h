#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace kiln {

// Neighbouring values of a series, as one point of a plot.
struct SeriesPoint {
  double x = 0;  // mean
  double low = 0, high = 0, mean = 0;
  double last_x = 0;
  std::size_t count = 0;  // of values
};

// A curve of any length in bounded memory: what is longer than can be drawn is kept in coarser points, each with the least and the
// largest value in it, so that no spike is lost.
class Series {
 public:
  static constexpr std::size_t kMostPoints = 1024;

  // Values that are not finite are passed over. An `x` that is not beyond the last one takes back what came after it: a run that
  // goes on from a checkpoint does some steps again. A value replaces the one at its own `x`, which one that is missing leaves.
  void add(double x, double y);

  const std::vector<SeriesPoint>& points() const { return points_; }  // in order of x
  bool empty() const { return points_.empty(); }
  std::optional<double> newest() const { return newest_; }

 private:
  void halve();

  std::vector<SeriesPoint> points_;
  std::size_t per_point_ = 1;
  std::optional<double> newest_;
};

}  // namespace kiln
