#pragma once

#include <cstdint>

namespace kiln::starter {

// Numbers that depend on nothing but the seed (SplitMix64, Steele, Lea & Flood 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  float between(float low, float high) { return low + (high - low) * static_cast<float>(next() >> 40) * 0x1.0p-24f; }
  int whole(int low, int high) { return low + static_cast<int>(next() % static_cast<std::uint64_t>(high - low + 1)); }
  bool chance(float probability) { return between(0, 1) < probability; }

 private:
  std::uint64_t state_;
};

}  // namespace kiln::starter
