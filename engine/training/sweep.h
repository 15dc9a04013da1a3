#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/param_spec.h"

namespace kiln {

// One recipe parameter that a sweep varies.
struct SweepDimension {
  ParamSpec spec;
  std::vector<ParamValue> choices;    // or, if empty:
  double low = 0, high = 0;           // drawn evenly, on a logarithmic scale where the spec is
  std::uint64_t first = 0, last = 0;  // of seeds: the same to the last bit
};

// "learning_rate=1e-4..1e-3" or "width=32,48,64". Throws Failure(kInvalidArgument): no such parameter, values out of its range, a
// range of texts, steps (which the budget decides).
SweepDimension parse_sweep_dimension(const std::string& text);

// What a sweep tries: depends on its arguments alone.
ParamMap draw_trial(const std::vector<SweepDimension>& dimensions, std::uint64_t seed, int trial);

// Successive halving (Jamieson & Talwalkar 2016): each rung trains half as many trials, and gets as many steps altogether.
struct SweepRung {
  int trials = 0;          // that take part
  std::int64_t steps = 0;  // done by each of them when the rung ends
};

// From all trials to one. budget: steps of all trials together, about. Throws Failure(kInvalidArgument) if it is too small.
std::vector<SweepRung> sweep_rungs(int trials, std::int64_t budget);

struct SweepTrial {
  ParamMap values;
  int rung = 0;            // rungs done
  std::int64_t steps = 0;  // in them
  double loss = 0;         // at the end of the newest; NaN before the first, infinity if it failed
  std::string failure;     // why, or empty
};

// How far a sweep is; kept as JSON in its folder.
struct SweepState {
  std::string definition;  // what was asked for, as JSON: a sweep goes on only with the same
  std::vector<SweepTrial> trials;

  // The trials that take part in `rung`: all in the first, then the better half each time. For one that fails the next best comes
  // in.
  std::vector<int> members(const std::vector<SweepRung>& rungs, int rung) const;
};

std::string sweep_to_json(const SweepState& state);

// Throws Failure(kCorrupt).
SweepState sweep_from_json(const std::string& json);

}  // namespace kiln
