#include "engine/diffusion/schedule.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "engine/base/error.h"

namespace kiln {
namespace {

constexpr int kMaxLength = 100000;
constexpr double kMaxBeta = 0.999;

[[noreturn]] void refuse(std::string message, std::string hint) {
  throw Failure(ErrorCode::kInvalidArgument, std::move(message), std::move(hint));
}

void check(const ScheduleConfig& config) {
  if (config.length < 1 || config.length > kMaxLength) {
    refuse("A noise schedule cannot have " + std::to_string(config.length) + " steps",
           "choose between 1 and " + std::to_string(kMaxLength));
  }
  const auto is_beta = [](double beta) { return beta > 0 && beta < 1; };  // false for NaN
  const bool uses_betas = config.kind == ScheduleKind::kLinear || config.kind == ScheduleKind::kScaledLinear;
  if (uses_betas && (!is_beta(config.beta_start) || !is_beta(config.beta_end))) {
    refuse("The noise schedule's β must lie between 0 and 1", "usual values are beta_start 0.0001 and beta_end 0.02");
  }
  if (config.zero_terminal_snr && config.length < 2) {
    refuse("A noise schedule of one step cannot end at zero signal", "use at least 2 steps, or turn zero_terminal_snr off");
  }
}

// Evenly spaced from `first` to `last`, each mapped by `map`.
std::vector<double> spaced(double first, double last, int count, const std::function<double(double)>& map) {
  std::vector<double> values(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const double fraction = count == 1 ? 0.0 : static_cast<double>(i) / (count - 1);
    values[static_cast<std::size_t>(i)] = map(first + (last - first) * fraction);
  }
  return values;
}

// The betas of a continuous ᾱ(u), u from 0 (clean) to 1, capped as in Nichol & Dhariwal 2021.
std::vector<double> betas_of(const std::function<double(double)>& alpha_bar, int length) {
  std::vector<double> betas(static_cast<std::size_t>(length));
  for (int i = 0; i < length; ++i) {
    const double ratio = alpha_bar((i + 1.0) / length) / alpha_bar(static_cast<double>(i) / length);
    betas[static_cast<std::size_t>(i)] = std::min(1.0 - ratio, kMaxBeta);
  }
  return betas;
}

double cosine_alpha_bar(double u) {
  constexpr double s = 0.008;
  const double c = std::cos((u + s) / (1 + s) * std::numbers::pi / 2);
  return c * c;
}

double sigmoid_alpha_bar(double u) {
  constexpr double start = -3, end = 3;
  const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
  return (sigmoid(end) - sigmoid(start + u * (end - start))) / (sigmoid(end) - sigmoid(start));
}

std::vector<double> make_betas(const ScheduleConfig& config) {
  switch (config.kind) {
    case ScheduleKind::kLinear:
      return spaced(config.beta_start, config.beta_end, config.length, [](double beta) { return beta; });
    case ScheduleKind::kScaledLinear:
      return spaced(std::sqrt(config.beta_start), std::sqrt(config.beta_end), config.length,
                    [](double root) { return root * root; });
    case ScheduleKind::kCosine:
      return betas_of(cosine_alpha_bar, config.length);
    case ScheduleKind::kSigmoid:
      break;
  }
  return betas_of(sigmoid_alpha_bar, config.length);
}

std::vector<double> cumulative_alphas(const std::vector<double>& betas) {
  std::vector<double> alphas_bar;
  alphas_bar.reserve(betas.size());
  double product = 1;
  for (const double beta : betas) alphas_bar.push_back(product *= 1 - beta);
  return alphas_bar;
}

// Lin et al. 2023, algorithm 1: √ᾱ shifted so that its last value is 0, then scaled so that its first stays.
void end_at_zero_snr(NoiseSchedule& schedule) {
  const double first = std::sqrt(schedule.alphas_bar.front());
  const double last = std::sqrt(schedule.alphas_bar.back());
  double previous = 1;
  for (std::size_t t = 0; t < schedule.alphas_bar.size(); ++t) {
    const double root = (std::sqrt(schedule.alphas_bar[t]) - last) * first / (first - last);
    schedule.alphas_bar[t] = root * root;
    schedule.betas[t] = 1 - schedule.alphas_bar[t] / previous;
    previous = schedule.alphas_bar[t];
  }
}

}  // namespace

NoiseSchedule make_schedule(const ScheduleConfig& config) {
  check(config);
  NoiseSchedule schedule;
  schedule.betas = make_betas(config);
  schedule.alphas_bar = cumulative_alphas(schedule.betas);
  if (config.zero_terminal_snr) end_at_zero_snr(schedule);
  return schedule;
}

std::vector<double> posterior_variance(const NoiseSchedule& schedule) {
  std::vector<double> variance(schedule.betas.size(), 0.0);
  for (std::size_t t = 1; t < variance.size(); ++t) {
    variance[t] = (1 - schedule.alphas_bar[t - 1]) / (1 - schedule.alphas_bar[t]) * schedule.betas[t];
  }
  return variance;
}

}  // namespace kiln
