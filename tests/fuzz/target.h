#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/base/error.h"
#include "engine/base/file.h"

namespace kiln::fuzz {

// Runs a reader; bad input may be refused, and nothing else may happen.
template <class Reader>
int read(Reader reader) {
  try {
    reader();
  } catch (const Failure&) {
  }
  return 0;
}

inline std::string_view text(const std::uint8_t* data, std::size_t size) { return {reinterpret_cast<const char*>(data), size}; }

}  // namespace kiln::fuzz

// What libFuzzer calls, and replay.cpp in its place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
