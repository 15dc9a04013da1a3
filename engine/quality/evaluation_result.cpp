#include "engine/quality/evaluation_result.h"

#include <numeric>

namespace kiln {

double Measured::mean() const {
  if (values_.empty()) return std::numeric_limits<double>::quiet_NaN();
  return std::accumulate(values_.begin(), values_.end(), 0.0) / static_cast<double>(values_.size());
}

double Measured::deviation() const {
  if (values_.size() < 2) return 0;
  const double middle = mean();
  double sum = 0;
  for (const double value : values_) sum += (value - middle) * (value - middle);
  return std::sqrt(sum / static_cast<double>(values_.size() - 1));
}

}  // namespace kiln
