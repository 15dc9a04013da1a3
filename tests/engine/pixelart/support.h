#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/image.h"

namespace kiln::test {

// An image from rows of letters: '.' is 0,0,0,0; others are opaque: r, g, b, w(hite), k (black), and y (yellow).
inline Image drawn(const std::vector<std::string>& rows) {
  Image image(static_cast<int>(rows.front().size()), static_cast<int>(rows.size()));
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const char letter = rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)];
      if (letter == '.') continue;
      const auto on = [&](const char* letters) {
        return static_cast<std::uint8_t>(std::string(letters).find(letter) != std::string::npos ? 255 : 0);
      };
      std::uint8_t* pixel = image.pixel(x, y);
      pixel[0] = on("rwy"), pixel[1] = on("gwy"), pixel[2] = on("bw"), pixel[3] = 255;
    }
  }
  return image;
}

template <class Action>
ErrorCode code_of(Action action) {
  try {
    action();
  } catch (const Failure& failure) {
    return failure.error().code;
  }
  return ErrorCode::kInternal;
}

}  // namespace kiln::test
