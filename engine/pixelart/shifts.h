#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kiln {

// How far a frame's sprite is moved, in pixels to the right and down.
struct Shift {
  int x = 0, y = 0;
  friend bool operator==(const Shift&, const Shift&) = default;
};

inline constexpr int kLargestShift = 64;

// "1,0 2,-1": one for each frame after the first. Throws Failure(kInvalidArgument) for anything else, and beyond kLargestShift.
std::vector<Shift> parse_shifts(std::string_view text);
std::string to_text(const std::vector<Shift>& shifts);

}  // namespace kiln
