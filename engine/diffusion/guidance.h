#pragma once

namespace kiln {

// Classifier-free guidance (Ho & Salimans 2022): null + scale · (conditional - null), on the network's raw output; a negative
// condition stands in place of the null one. Carried out by guided() of step_numbers.h.
struct Guidance {
  double scale = 2;  // 0: the null condition alone, 1: the condition alone at half the cost
  double from = 0;   // where in a run it applies (Kynkäänniemi et al. 2024), as fractions of the run's steps: those whose middle
  double to = 1;     // lies in [from, to]; elsewhere the condition alone
  double rescale =
      0;  // φ of Lin et al. 2023, eq. 15-16: 0 leaves the standard deviation, 1 gives each sprite that of the conditional output

  // Whether step `step` of `total` needs the other half.
  bool applies(int step, int total) const;
};

}  // namespace kiln
