#pragma once

#include <string>

namespace kiln {

// With small letters for A to Z; other bytes stay, so UTF-8 does.
inline std::string lower_case(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

}  // namespace kiln
