#include "engine/training/sweep.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "tests/engine/formats/support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

Error refusal(const std::string& text) {
  return error_of([&] { parse_sweep_dimension(text); });
}

}  // namespace

TEST_CASE("what is to be varied is read by the parameter's own rules") {
  const SweepDimension rate = parse_sweep_dimension("learning_rate=1e-4..1e-2");
  CHECK(rate.low == 1e-4);
  CHECK(rate.high == 1e-2);
  CHECK(rate.spec.logarithmic);
  const SweepDimension width = parse_sweep_dimension("width=32,48,64");
  REQUIRE(width.choices.size() == 3);
  CHECK(std::get<std::int64_t>(width.choices[1]) == 48);
  CHECK(std::get<std::string>(parse_sweep_dimension("schedule=cosine,linear").choices[1]) == "linear");
  CHECK(std::get<std::string>(parse_sweep_dimension("multipliers=1,2/1,1.5,2").choices[1]) == "1,1.5,2");
  CHECK(std::get<bool>(parse_sweep_dimension("zero_terminal_snr=true,false").choices[0]));
  CHECK(refusal("learning_rat=1..2").hint.find("learning_rate") != std::string::npos);
  for (const char* bad : {"learning_rate", "learning_rate=1e-2..1e-4", "learning_rate=1e-4..7", "width=32,huge", "schedule=a..b",
                          "steps=10,20", "zero_terminal_snr=true..false"}) {
    CAPTURE(bad);
    CHECK(refusal(bad).code == ErrorCode::kInvalidArgument);
  }
}

TEST_CASE("trials depend on the seed and their number alone, and fill their ranges evenly on the right scale") {
  const std::vector<SweepDimension> dimensions = {parse_sweep_dimension("learning_rate=1e-5..1e-1"),
                                                  parse_sweep_dimension("batch=8..15"), parse_sweep_dimension("p_uncond=0..0.8"),
                                                  parse_sweep_dimension("prediction=eps,v,x0")};
  CHECK((draw_trial(dimensions, 4, 17) == draw_trial(dimensions, 4, 17)));
  CHECK_FALSE((draw_trial(dimensions, 4, 17) == draw_trial(dimensions, 5, 17)));
  int low_rates = 0;
  double share = 0;
  std::set<std::int64_t> batches;
  std::set<std::string> predictions;
  for (int i = 0; i < 400; ++i) {
    const ParamMap values = draw_trial(dimensions, 4, i);
    const double rate = get_real(values, "learning_rate");
    CHECK(rate >= 1e-5);
    CHECK(rate <= 1e-1);
    low_rates += rate < 1e-3;
    share += get_real(values, "p_uncond") / 400;
    batches.insert(get_int(values, "batch"));
    predictions.insert(get_text(values, "prediction"));
  }
  CHECK(std::abs(low_rates - 200) < 50);  // 1e-3 is the middle of the logarithmic scale; five standard deviations
  CHECK(std::abs(share - 0.4) < 0.06);
  CHECK(batches == std::set<std::int64_t>{8, 9, 10, 11, 12, 13, 14, 15});
  CHECK(predictions.size() == 3);
}

TEST_CASE("seeds are varied to their last bit") {
  CHECK(get_seed({{"", parse_sweep_dimension("seed=9007199254740993,18446744073709551615").choices[1]}}, "") == kLargestSeed);
  const SweepDimension two = parse_sweep_dimension("seed=18446744073709551614..18446744073709551615"),
                       all = parse_sweep_dimension("seed=0..18446744073709551615");
  std::set<std::uint64_t> of_two, of_all;
  for (int i = 0; i < 100; ++i) {
    of_two.insert(get_seed(draw_trial({two}, 4, i), "seed"));
    of_all.insert(get_seed(draw_trial({all}, 4, i), "seed"));
  }
  CHECK(of_two == std::set<std::uint64_t>{kLargestSeed - 1, kLargestSeed});
  CHECK(of_all.size() == 100);
  CHECK(*of_all.rbegin() > kLargestSeed / 2);
  for (const char* bad : {"seed=0..18446744073709551616", "seed=-1..5", "seed=9007199254740993..9007199254740992", "seed=1,2,-3"}) {
    CAPTURE(bad);
    CHECK(refusal(bad).code == ErrorCode::kInvalidArgument);
  }
  CHECK(error_of([] { parse_sweep_dimension("seed=9007199254740993..9007199254740992"); }).message.find("empty") !=
        std::string::npos);
}

TEST_CASE("each rung trains half as many for as many steps altogether") {
  const auto rungs = sweep_rungs(8, 8000);
  REQUIRE(rungs.size() == 4);
  CHECK(rungs[0].trials == 8);
  CHECK(rungs[0].steps == 250);
  CHECK(rungs[1].trials == 4);
  CHECK(rungs[1].steps == 750);
  CHECK(rungs[2].steps == 1750);
  CHECK(rungs[3].trials == 1);
  CHECK(rungs[3].steps == 3750);
  CHECK(sweep_rungs(5, 1000).size() == 4);  // 5, 3, 2, 1
  CHECK(sweep_rungs(1, 10).back().steps == 10);
  CHECK(error_of([] { sweep_rungs(8, 20); }).code == ErrorCode::kInvalidArgument);
  CHECK(error_of([] { sweep_rungs(0, 20); }).code == ErrorCode::kInvalidArgument);
}

TEST_CASE("the better half goes on, also when it has gone on already; for one that fails the next best comes in") {
  const auto rungs = sweep_rungs(4, 400);
  SweepState state;
  for (const double loss : {0.4, 0.1, 0.3, 0.2}) state.trials.push_back({{{"batch", std::int64_t{4}}}, 1, 33, loss, ""});
  CHECK(state.members(rungs, 0) == std::vector<int>{0, 1, 2, 3});
  CHECK(state.members(rungs, 1) == std::vector<int>{1, 3});
  state.trials[3].rung = 2;
  state.trials[3].loss = 0.9;  // worse than it was, and still one of the chosen
  CHECK(state.members(rungs, 1) == std::vector<int>{1, 3});
  state.trials[1].failure = "diverged";
  state.trials[1].loss = std::numeric_limits<double>::infinity();
  CHECK(state.members(rungs, 1) == std::vector<int>{2, 3});

  const SweepState again = sweep_from_json(sweep_to_json(state));
  REQUIRE(again.trials.size() == 4);
  CHECK(again.trials[3].loss == 0.9);
  CHECK(std::isinf(again.trials[1].loss));
  CHECK(again.trials[1].failure == "diverged");
  CHECK((again.trials[0].values == state.trials[0].values));
  CHECK(error_of([] { sweep_from_json("{\"trials\": 3}"); }).code == ErrorCode::kCorrupt);
}
