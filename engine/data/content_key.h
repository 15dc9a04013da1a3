#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "engine/base/image.h"
#include "engine/base/sha256.h"

namespace kiln {

// Stands for an image's pixels: the first half of their SHA-256, so that equal keys are equal images but for a chance that nobody
// will meet (2^-128 a pair).
struct ContentKey {
  std::array<std::uint64_t, 2> bits;
  friend auto operator<=>(const ContentKey&, const ContentKey&) = default;
};

// `about`: what else tells apart.
inline ContentKey content_key(const Image& image, std::string_view about = {}) {
  Sha256 sum;
  const std::uint32_t width = static_cast<std::uint32_t>(image.width);
  sum.add({reinterpret_cast<const std::uint8_t*>(&width), sizeof width});
  sum.add(image.rgba);
  sum.add({reinterpret_cast<const std::uint8_t*>(about.data()), about.size()});
  const auto words = sum.digest();
  return {{std::uint64_t{words[0]} << 32 | words[1], std::uint64_t{words[2]} << 32 | words[3]}};
}

}  // namespace kiln

template <>
struct std::hash<kiln::ContentKey> {
  std::size_t operator()(const kiln::ContentKey& key) const { return static_cast<std::size_t>(key.bits[0]); }
};
