#include "engine/pixelart/shifts.h"

#include <algorithm>
#include <cstdlib>

#include "engine/base/error.h"
#include "engine/base/text.h"

namespace kiln {

std::vector<Shift> parse_shifts(std::string_view text) {
  std::vector<Shift> shifts;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const std::string_view word = text.substr(0, std::min(text.find(' '), text.size()));
    const std::size_t comma = std::min(word.find(','), word.size());
    const auto x = parse_int(word.substr(0, comma)), y = comma < word.size() ? parse_int(word.substr(comma + 1)) : std::nullopt;
    if (!x || !y || std::abs(*x) > kLargestShift || std::abs(*y) > kLargestShift)
      throw Failure(ErrorCode::kInvalidArgument, "“" + std::string(word) + "” is no move of a frame",
                    "write x,y in pixels for each frame after the first, at most 64 each, as 1,0 2,-1 1,0");
    shifts.push_back({static_cast<int>(*x), static_cast<int>(*y)});
    text.remove_prefix(word.size());
  }
  return shifts;
}

std::string to_text(const std::vector<Shift>& shifts) {
  std::string text;
  for (const Shift& shift : shifts) text += (text.empty() ? "" : " ") + std::to_string(shift.x) + "," + std::to_string(shift.y);
  return text;
}

}  // namespace kiln
