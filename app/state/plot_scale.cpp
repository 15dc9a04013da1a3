#include "app/state/plot_scale.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>

namespace kiln {
namespace {

constexpr double kAir = 0.06;

std::string printed(const char* format, double value) {
  char text[48];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

// "1.50e-05" → "1.5e-5".
std::string plain_exponent(std::string text) {
  const auto e = text.find('e');
  if (e == std::string::npos) return text;
  std::string digits = text.substr(0, e);
  if (digits.find('.') != std::string::npos) {
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
  }
  return digits + "e" + std::to_string(std::atoi(text.c_str() + e + 1));
}

// The round numbers of a linear scale that are at most `most`.
std::vector<double> linear_ticks(double low, double high, int most) {
  const double rough = (high - low) / std::max(most - 1, 1);
  const double power = std::pow(10, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {5.0, 2.0, 1.0}) {
    if (factor * power >= rough * (1 - 1e-9)) step = factor * power;
  }
  std::vector<double> ticks;
  for (double i = std::ceil(low / step - 1e-9); i * step <= high + step * 1e-9; ++i) ticks.push_back(i * step);
  return ticks;
}

// Powers of ten, each times one of `factors`.
std::vector<double> decade_ticks(const PlotScale& scale, std::initializer_list<double> factors, int every) {
  std::vector<double> ticks;
  const int last = static_cast<int>(std::floor(std::log10(scale.high)));
  for (int decade = static_cast<int>(std::floor(std::log10(scale.low))); decade <= last; ++decade) {
    if (((decade % every) + every) % every != 0) continue;
    for (const double factor : factors) {
      const double tick = factor * std::pow(10, decade);
      if (tick >= scale.low * (1 - 1e-9) && tick <= scale.high * (1 + 1e-9)) ticks.push_back(tick);
    }
  }
  return ticks;
}

}  // namespace

double PlotScale::place(double value) const {
  if (!logarithmic) return (value - low) / (high - low);
  return (std::log(std::max(value, 1e-300)) - std::log(low)) / (std::log(high) - std::log(low));
}

double PlotScale::value(double place) const {
  if (!logarithmic) return low + place * (high - low);
  return std::exp(std::log(low) + place * (std::log(high) - std::log(low)));
}

PlotScale fitting_scale(double low, double high, bool logarithmic) {
  if (!(high >= low)) return {};
  logarithmic = logarithmic && low > 0;
  if (logarithmic) {
    const double air = std::max(std::pow(high / low, kAir), 1.02);
    return {low / air, high * air, true};
  }
  const double span = high > low ? high - low : std::max(std::abs(high) * 0.1, 1e-12);
  // An axis that comes close to zero starts there.
  const double from = low >= 0 && low < span * 0.5 ? 0 : low - span * kAir;
  return {from, high + span * kAir, false};
}

std::vector<double> round_ticks(const PlotScale& scale, int most) {
  if (!(scale.high > scale.low) || most < 1) return {};
  if (!scale.logarithmic) return linear_ticks(scale.low, scale.high, most);
  const auto fits = [&](const std::vector<double>& ticks) { return static_cast<int>(ticks.size()) <= most; };
  if (auto ticks = decade_ticks(scale, {1, 2, 5}, 1); fits(ticks)) {
    return ticks.size() >= 2 ? ticks : linear_ticks(scale.low, scale.high, most);
  }
  for (int every = 1;; ++every) {
    if (auto ticks = decade_ticks(scale, {1}, every); fits(ticks)) return ticks;
  }
}

std::string tick_text(double value) {
  if (std::abs(value) < 1e-12) return "0";
  const double size = std::abs(value);
  if (size >= 1e6) return printed("%.6g", value / 1e6) + " M";
  if (size >= 1e4) return printed("%.6g", value / 1e3) + " k";
  if (size < 1e-3) return plain_exponent(printed("%.4e", value));
  return printed("%.6g", value);
}

std::string number_text(double value) {
  if (!std::isfinite(value)) return "–";
  if (value != 0 && std::abs(value) < 1e-3) return plain_exponent(printed("%.2e", value));
  return std::abs(value) >= 1000 ? printed("%.0f", value) : printed("%.3g", value);
}

std::string count_text(long long count) {
  if (count >= 999'500) return printed("%.3g", static_cast<double>(count) / 1e6) + " million";
  std::string text = std::to_string(count);
  if (text.size() > 4) text.insert(text.size() - 3, " ");
  return text;
}

}  // namespace kiln
