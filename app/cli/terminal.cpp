#include "app/cli/terminal.h"

#include <unistd.h>
#include <cmath>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

namespace kiln {

void print_error(const Error& error) {
  std::fprintf(stderr, "error: %s\n", error.message.c_str());
  if (!error.hint.empty()) std::fprintf(stderr, "hint: %s\n", error.hint.c_str());
}

ProgressBar::ProgressBar(std::string unit, bool always) : unit_(std::move(unit)), in_place_(isatty(STDERR_FILENO) != 0) {
  enabled_ = in_place_ || always;
}

void ProgressBar::show(const Progress& progress) {
  if (!enabled_ || progress.total <= 0) return;
  constexpr int kWidth = 24;
  const double share = static_cast<double>(progress.step) / static_cast<double>(progress.total);
  const int filled = std::clamp(static_cast<int>(share * kWidth), 0, kWidth);
  std::string bar;
  for (int i = 0; i < kWidth; ++i) bar += i < filled ? "█" : "░";
  std::string line = bar + " " + std::to_string(progress.step) + "/" + std::to_string(progress.total);
  if (progress.steps_per_s > 0) {
    char rate[64];
    std::snprintf(rate, sizeof rate, "  %.3g %s", progress.steps_per_s, unit_.c_str());
    line += rate;
  }
  if (progress.left_s >= 0) line += "  " + duration_text(progress.left_s) + " left";
  std::fprintf(stderr, in_place_ ? "\r\033[K%s" : "%s\n", line.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

void ProgressBar::tell(const std::string& text) {
  if (!enabled_) return;
  clear();
  std::fprintf(stderr, "%s\n", text.c_str());
}

void ProgressBar::clear() {
  if (drawn_ && in_place_) std::fprintf(stderr, "\r\033[K");
  drawn_ = false;
}

std::string duration_text(double seconds) {
  const long total = std::max(0L, std::lround(seconds));
  if (total < 60) return std::to_string(total) + " s";
  if (total < 3600) return std::to_string(total / 60) + " min " + std::to_string(total % 60) + " s";
  return std::to_string(total / 3600) + " h " + std::to_string(total % 3600 / 60) + " min";
}

}  // namespace kiln
