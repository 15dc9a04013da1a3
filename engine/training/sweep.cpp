#include "engine/training/sweep.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/base/param_json.h"
#include "engine/base/text.h"
#include "engine/data/counter_random.h"
#include "engine/training/recipe.h"

namespace kiln {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::string& message, const std::string& hint) {
  throw Failure(ErrorCode::kInvalidArgument, message, hint);
}

constexpr std::uint64_t kExactInDouble = std::uint64_t{1} << 53;

double as_real(const ParamValue& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* large = std::get_if<std::uint64_t>(&value)) return static_cast<double>(*large);
  return static_cast<double>(std::get<std::int64_t>(value));
}

// Throws unless `low` is below `high`.
void set_range(SweepDimension& dimension, const ParamValue& low, const ParamValue& high) {
  dimension.low = as_real(low);
  dimension.high = as_real(high);
  bool rises = dimension.low < dimension.high;
  if (dimension.spec.is_seed()) {
    dimension.first = get_seed({{"", low}}, "");
    dimension.last = get_seed({{"", high}}, "");
    rises = dimension.first < dimension.last;
  }
  if (!rises) refuse("the range of “" + dimension.spec.id + "” is empty", "write the lower end first");
}

std::uint64_t drawn_seed(const SweepDimension& dimension, CounterRandom random) {
  const std::uint64_t beyond = dimension.last - dimension.first;
  return dimension.first + (beyond == kLargestSeed ? random.next() : random.below(beyond + 1));
}

ParamValue drawn(const SweepDimension& dimension, CounterRandom random) {
  if (!dimension.choices.empty()) return dimension.choices[random.below(dimension.choices.size())];
  if (dimension.last > kExactInDouble) return whole_number(drawn_seed(dimension, random));
  const double low = dimension.low, high = dimension.high, share = random.unit();
  const double value = dimension.spec.logarithmic && low > 0 ? low * std::pow(high / low, share) : low + (high - low) * share;
  if (std::holds_alternative<double>(dimension.spec.fallback)) return value;
  return std::min(static_cast<std::int64_t>(std::floor(low + (high - low + 1) * share)), static_cast<std::int64_t>(high));
}

}  // namespace

SweepDimension parse_sweep_dimension(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos)
    refuse("“" + text + "” does not say what to vary", "write learning_rate=1e-4..1e-3, or width=32,48,64");
  const std::string key = text.substr(0, equals), values = text.substr(equals + 1);
  SweepDimension dimension{find_spec(recipe_specs(), key, "recipe"), {}};
  if (key == "steps") refuse("steps cannot be varied", "the budget decides how long each trial runs");
  if (const auto dots = values.find(".."); dots != std::string::npos) {
    const ParamValue low = parse_param(dimension.spec, values.substr(0, dots), "recipe"),
                     high = parse_param(dimension.spec, values.substr(dots + 2), "recipe");
    if (std::holds_alternative<std::string>(low) || std::holds_alternative<bool>(low))
      refuse("“" + key + "” has no range", "list its values, as " + key + "=a,b");
    set_range(dimension, low, high);
    return dimension;
  }
  const bool lists = std::holds_alternative<std::string>(dimension.spec.fallback) &&
                     dimension.spec.choices.empty();  // their values have commas of their own
  for (const auto& value : split(values, lists ? '/' : ','))
    dimension.choices.push_back(parse_param(dimension.spec, value, "recipe"));
  return dimension;
}

ParamMap draw_trial(const std::vector<SweepDimension>& dimensions, std::uint64_t seed, int trial) {
  ParamMap values;
  for (std::size_t d = 0; d < dimensions.size(); ++d)
    values[dimensions[d].spec.id] = drawn(dimensions[d], CounterRandom(seed, static_cast<std::uint64_t>(trial), d));
  return values;
}

std::vector<SweepRung> sweep_rungs(int trials, std::int64_t budget) {
  if (trials < 1 || trials > 1000) refuse(std::to_string(trials) + " trials cannot be made", "choose from 1 to 1000");
  std::vector<SweepRung> rungs;
  for (int left = trials;; left = (left + 1) / 2) {
    rungs.push_back({left, 0});
    if (left == 1) break;
  }
  std::int64_t steps = 0;
  for (auto& rung : rungs) {
    const auto more = budget / (static_cast<std::int64_t>(rungs.size()) * rung.trials);
    if (more < 1)
      refuse("a budget of " + std::to_string(budget) + " steps is too small for " + std::to_string(trials) + " trials",
             "give a larger budget, or fewer trials");
    rung.steps = steps += more;
  }
  return rungs;
}

std::vector<int> SweepState::members(const std::vector<SweepRung>& rungs, int rung) const {
  std::vector<int> order;
  for (int i = 0; i < static_cast<int>(trials.size()); ++i) {
    if (trials[static_cast<std::size_t>(i)].rung >= rung && trials[static_cast<std::size_t>(i)].failure.empty()) order.push_back(i);
  }
  const auto loss = [&](int i) { return trials[static_cast<std::size_t>(i)].loss; };
  const auto rungs_done = [&](int i) { return trials[static_cast<std::size_t>(i)].rung; };
  // Those that are further already were chosen before; among the others the lower loss is the better.
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    const bool further_a = rungs_done(a) > rung, further_b = rungs_done(b) > rung;
    if (further_a != further_b) return further_a;
    return !further_a && rung > 0 && loss(a) < loss(b);
  });
  order.resize(std::min(order.size(), static_cast<std::size_t>(rungs[static_cast<std::size_t>(rung)].trials)));
  std::sort(order.begin(), order.end());
  return order;
}

std::string sweep_to_json(const SweepState& state) {
  json trials = json::array();
  for (const auto& trial : state.trials) {
    trials.push_back({{"values", trial.values},
                      {"rung", trial.rung},
                      {"steps", trial.steps},
                      {"loss", std::isfinite(trial.loss) ? json(trial.loss) : json(nullptr)},
                      {"failure", trial.failure}});
  }
  return json{{"definition", state.definition}, {"trials", trials}}.dump(2, ' ', false, json::error_handler_t::replace);
}

SweepState sweep_from_json(const std::string& text) {
  try {
    const json document = json::parse(text);
    SweepState state{document.at("definition").get<std::string>(), {}};
    for (const auto& entry : document.at("trials")) {
      SweepTrial trial{entry.at("values").get<ParamMap>(), entry.at("rung").get<int>(), entry.at("steps").get<std::int64_t>(), 0,
                       entry.at("failure").get<std::string>()};
      const double without =
          trial.failure.empty() ? std::numeric_limits<double>::quiet_NaN() : std::numeric_limits<double>::infinity();
      trial.loss = entry.at("loss").is_null() ? without : entry.at("loss").get<double>();
      state.trials.push_back(std::move(trial));
    }
    return state;
  } catch (const json::exception& error) {
    throw Failure(ErrorCode::kCorrupt, "the sweep's sweep.json is damaged", "start it again in another folder", error.what());
  }
}

}  // namespace kiln
