#include "engine/diffusion/schedule.h"

#include "tests/engine/diffusion/golden.h"
#include "tests/engine/diffusion/support.h"

#include <doctest/doctest.h>

#include <limits>

using namespace kiln;
using namespace kiln::test;

TEST_CASE("schedules are those of the papers") {
  for (const auto& expected : golden::kSchedules) {
    CAPTURE(expected.kind);
    CAPTURE(expected.length);
    CAPTURE(expected.zero_terminal_snr);
    const NoiseSchedule schedule = schedule_of(expected.kind, expected.length, expected.zero_terminal_snr);
    const auto variance = posterior_variance(schedule);
    REQUIRE(schedule.length() == expected.length);
    REQUIRE(schedule.alphas_bar.size() == schedule.betas.size());
    for (std::size_t i = 0; i < expected.at.size(); ++i) {
      const auto t = static_cast<std::size_t>(expected.at[i]);
      CHECK(schedule.betas[t] == doctest::Approx(expected.betas[i]).epsilon(1e-10));
      CHECK(schedule.alphas_bar[t] == doctest::Approx(expected.alphas_bar[i]).epsilon(1e-12));
      CHECK(variance[t] == doctest::Approx(expected.posterior_variance[i]).epsilon(1e-10));
    }
  }
}

TEST_CASE("a cosine schedule equals the one another program trained with") {
  const NoiseSchedule schedule = schedule_of("cosine", 40);
  const auto variance = posterior_variance(schedule);  // theirs were multiplied up in single precision
  for (std::size_t t = 0; t < 40; ++t) {
    CHECK(std::abs(schedule.betas[t] - golden::kRecordedBetas[t]) < 3e-6);
    CHECK(std::abs(variance[t] - golden::kRecordedPosteriorVariance[t]) < 3e-6);
  }
}

TEST_CASE("noise only grows, at any length") {
  for (const auto& kind : kSchedules) {
    for (const int length : {1, 2, 7, 40, 1000, 4000}) {
      for (const bool zero : {false, true}) {
        if (zero && length < 2) continue;
        CAPTURE(kind);
        CAPTURE(length);
        const NoiseSchedule schedule = schedule_of(kind, length, zero);
        double previous = 1;
        for (const double alpha_bar : schedule.alphas_bar) {
          CHECK(alpha_bar < previous);
          previous = alpha_bar;
        }
        CHECK((zero ? previous == 0 : previous > 0));
      }
    }
  }
}

TEST_CASE("numbers that make no schedule are refused") {
  ScheduleConfig config;
  CHECK(mentions(error_of([&] { parse_schedule_kind("cosin"); }).hint, "cosine"));
  for (const int length : {0, -1, 2000000000}) {
    config = {};
    config.length = length;
    CHECK(error_of([&] { make_schedule(config); }).code == ErrorCode::kInvalidArgument);
  }
  for (const double beta : {0.0, 1.0, -0.1, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    config = {};
    config.kind = ScheduleKind::kLinear;
    config.beta_end = beta;
    CHECK(mentions(error_of([&] { make_schedule(config); }).message, "β"));
  }
  config = {};
  config.length = 1;
  config.zero_terminal_snr = true;
  CHECK(mentions(error_of([&] { make_schedule(config); }).hint, "zero_terminal_snr"));
}
