#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/image.h"

namespace kiln {

// All sprites of a job as they look at one step: the x0 predictions, as pixels.
struct Frame {
  JobId job;
  int step = 0;  // steps finished, 1 … total
  int total = 0;
  int width = 0;  // of one sprite
  int height = 0;
  int count = 0;
  std::vector<std::uint8_t> rgba;  // count * height * width * 4, straight alpha

  Image sprite(int index) const {
    Image image(width, height);
    const auto size = image.rgba.size();
    const auto first = rgba.begin() + static_cast<std::ptrdiff_t>(size * static_cast<std::size_t>(index));
    image.rgba.assign(first, first + static_cast<std::ptrdiff_t>(size));
    return image;
  }
};

// How far a job is. Newest wins.
struct Progress {
  JobId job;
  std::int64_t step = 0;
  std::int64_t total = 0;
  double steps_per_s = 0;  // over a sliding window of this run, 0 while unknown
  double left_s = -1;      // below 0 while unknown
};

}  // namespace kiln
