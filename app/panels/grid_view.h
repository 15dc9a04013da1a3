#pragma once

#include <future>
#include <optional>
#include <vector>

#include "app/state/grid_selection.h"
#include "app/state/large_view.h"
#include "app/state/timeline.h"
#include "engine/api/sampling.h"
#include "engine/base/error.h"

namespace kiln {

// A batch that goes on from a step of another, while its images are being written.
struct Branch {
  std::vector<Image> first;           // what its sprites begin as
  std::vector<double> levels;         // of noise to begin with
  std::vector<Condition> conditions;  // of the sprites that they were
  std::vector<ImageFile> files;
  std::optional<Error> problem;
};

// How the batch is looked at.
struct GridView {
  GridSelection selection;
  Timeline timeline;
  bool fades_selected = false;  // the timeline is that of the selected sprites, where there are any
  LargeView large;
  bool compare = false;  // the batch before is shown beside this one
  bool hints = false;    // where the hand goes first
  bool greets = false;   // a batch is to be made unasked, as soon as that can be

  // The button is down on the canvas: where it went down, and whether it draws a rubber band.
  float from_x = 0, from_y = 0;
  int pressed = -1;  // the cell it went down on
  bool band = false;
  bool outward = false;  // with Alt: what is dragged is for another program

  std::future<Branch> branch;  // is being prepared
};

}  // namespace kiln
