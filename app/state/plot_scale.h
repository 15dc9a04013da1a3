#pragma once

#include <string>
#include <vector>

namespace kiln {

// One axis of a plot: values from `low` to `high` onto 0 … 1.
struct PlotScale {
  double low = 0, high = 1;
  bool logarithmic = false;

  double place(double value) const;  // may lie outside 0 … 1
  double value(double place) const;
};

// A scale that holds `low` … `high` with a little air; a logarithmic one needs values above 0, else it is linear.
PlotScale fitting_scale(double low, double high, bool logarithmic);

// Round numbers (1, 2 or 5 times a power of ten; powers of ten and their doubles and fivefolds on a logarithmic scale) within the
// scale, at most `most`.
std::vector<double> round_ticks(const PlotScale& scale, int most);

// Short: "0.05", "1500", "20 k", "1e-4".
std::string tick_text(double value);

// For reading out: three significant digits, "0.0123", "1.2e-5".
std::string number_text(double value);

// "12 500", "1.2 million".
std::string count_text(long long count);

}  // namespace kiln
