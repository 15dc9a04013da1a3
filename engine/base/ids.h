#pragma once

#include <compare>
#include <cstdint>

namespace kiln {

// Names one job for its whole life. The sender of a command chooses it; zero names none.
struct JobId {
  std::uint64_t value = 0;
  explicit operator bool() const { return value != 0; }
  friend auto operator<=>(const JobId&, const JobId&) = default;
};

}  // namespace kiln
