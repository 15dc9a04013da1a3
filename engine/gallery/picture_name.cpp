#include "engine/gallery/picture_name.h"

#include <algorithm>

namespace kiln {

std::string picture_stem(const PictureRecipe& picture, const std::string& fallback) {
  std::string stem;
  if (!picture.sprites.empty()) {
    for (const ClassWeight& part : picture.sprites.front().condition) {
      if (part.weight > 0) stem += (stem.empty() ? "" : "-") + part.name;
    }
  }
  if (stem.empty()) stem = fallback;
  for (char& letter : stem) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
    if (!plain) letter = '-';
  }
  stem.erase(std::unique(stem.begin(), stem.end(), [](char a, char b) { return a == '-' && b == '-'; }), stem.end());
  constexpr std::size_t kLongest = 40;
  stem = stem.substr(0, kLongest);
  return stem.find_first_not_of("-_") == std::string::npos ? "sprite" : stem;
}

}  // namespace kiln
