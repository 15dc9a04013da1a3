// Winograd convolutions against the definition of a convolution, in double.
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "engine/network/kernels/winograd.h"

#include <doctest/doctest.h>

using namespace kiln;

namespace {

std::vector<Isa> usable_isas() {
  std::vector<Isa> isas;
  for (int i = 0; i <= static_cast<int>(detected_isa()); ++i) isas.push_back(static_cast<Isa>(i));
  return isas;
}

float widened(float x) { return x; }
float widened(Bf16 x) { return __builtin_bit_cast(float, static_cast<std::uint32_t>(x.bits) << 16); }
void narrow(float x, float& out) { out = x; }
void narrow(float x, Bf16& out) { out.bits = static_cast<std::uint16_t>((__builtin_bit_cast(std::uint32_t, x) + 0x8000u) >> 16); }

template <class T>
struct Case {
  WinogradShape shape;
  int pictures;
  std::vector<T> bordered, added, result;
  std::vector<float> weights, bias;

  Case(const WinogradShape& s, int count) : shape(s), pictures(count) {
    std::mt19937 random(7);
    std::normal_distribution<float> normal;
    bordered.resize(static_cast<std::size_t>(count * (s.height + 2) * (s.width + 2) * s.in), T{});
    for (int p = 0; p < count; ++p) {
      for (std::int64_t y = 0; y < s.height; ++y) {
        for (std::int64_t i = 0; i < s.width * s.in; ++i)
          narrow(normal(random), bordered[at(p, y + 1, 1) + static_cast<std::size_t>(i)]);
      }
    }
    added.resize(static_cast<std::size_t>(count * s.height * s.width * s.out));
    for (T& value : added) narrow(normal(random), value);
    result.resize(added.size());
    const auto fan_in = static_cast<float>(9 * s.in);
    for (std::int64_t i = 0; i < s.out * s.in * 9; ++i) weights.push_back(normal(random) / std::sqrt(fan_in));
    for (std::int64_t i = 0; i < s.out; ++i) bias.push_back(normal(random));
  }

  std::size_t at(int picture, std::int64_t y, std::int64_t x) const {
    return static_cast<std::size_t>(((picture * (shape.height + 2) + y) * (shape.width + 2) + x) * shape.in);
  }

  double expected(int picture, std::int64_t y, std::int64_t x, std::int64_t out) const {
    double sum = bias[static_cast<std::size_t>(out)];
    for (std::int64_t i = 0; i < 3; ++i) {
      for (std::int64_t j = 0; j < 3; ++j) {
        for (std::int64_t c = 0; c < shape.in; ++c) {
          sum += static_cast<double>(widened(bordered[at(picture, y + i, x + j) + static_cast<std::size_t>(c)])) *
                 weights[static_cast<std::size_t>(((out * 3 + i) * 3 + j) * shape.in + c)];
        }
      }
    }
    return sum;
  }

  // The largest difference from the definition; `add`: with `added`, written over it.
  double error(Isa isa, bool add) {
    const WinogradConvolution<T> convolution(isa, shape, weights.data(), bias.data());
    std::vector<std::byte> scratch(convolution.scratch_bytes(pictures) + 64);
    auto* const line = reinterpret_cast<std::byte*>((reinterpret_cast<std::uintptr_t>(scratch.data()) + 63) / 64 * 64);
    const std::vector<T> before = added;
    if (add) result = added;
    convolution.run(bordered.data(), add ? result.data() : nullptr, result.data(), pictures, line);
    double largest = 0;
    std::size_t place = 0;
    for (int p = 0; p < pictures; ++p) {
      for (std::int64_t y = 0; y < shape.height; ++y) {
        for (std::int64_t x = 0; x < shape.width; ++x) {
          for (std::int64_t out = 0; out < shape.out; ++out, ++place) {
            const double other = add ? static_cast<double>(widened(before[place])) : 0.0;
            const double difference = std::abs(static_cast<double>(widened(result[place])) - expected(p, y, x, out) - other);
            if (!(difference <= largest)) largest = difference;  // a NaN too
          }
        }
      }
    }
    return largest;
  }
};

// Panels of all widths, sides that differ, more tiles than are done at once.
const std::vector<std::pair<WinogradShape, int>> kShapes = {
    {{2, 2, 16, 16}, 1}, {{4, 6, 32, 48}, 3}, {{8, 8, 48, 112}, 2}, {{32, 32, 16, 64}, 1}};

}  // namespace

TEST_CASE("Winograd convolutions are convolutions, for every instruction set") {
  for (const Isa isa : usable_isas()) {
    CAPTURE(static_cast<int>(isa));
    for (const auto& [shape, pictures] : kShapes) {
      CAPTURE(shape.height);
      for (const bool add : {false, true}) {
        if (has_winograd<float>(isa, shape)) CHECK(Case<float>(shape, pictures).error(isa, add) < 2e-5);
        if (has_winograd<Bf16>(isa, shape)) CHECK(Case<Bf16>(shape, pictures).error(isa, add) < 0.06);
      }
    }
  }
}

TEST_CASE("what Winograd has no kernel for is said beforehand") {
  for (const Isa isa : usable_isas()) {
    CHECK_FALSE(has_winograd<float>(isa, {5, 4, 16, 16}));  // an odd side
    CHECK_FALSE(has_winograd<float>(isa, {4, 4, 4, 16}));   // too few channels for a vector
  }
  CHECK_FALSE(has_winograd<Bf16>(Isa::kAvx2, {4, 4, 16, 16}));
}

TEST_CASE("a picture's Winograd convolution is the same to the bit whatever stands beside it") {
  const WinogradShape shape{4, 4, 32, 64};
  for (const Isa isa : usable_isas()) {
    if (!has_winograd<float>(isa, shape)) continue;
    Case<float> all(shape, 5);
    all.error(isa, false);
    const WinogradConvolution<float> convolution(isa, shape, all.weights.data(), all.bias.data());
    std::vector<std::byte> scratch(convolution.scratch_bytes(1) + 64);
    auto* const line = reinterpret_cast<std::byte*>((reinterpret_cast<std::uintptr_t>(scratch.data()) + 63) / 64 * 64);
    std::vector<float> alone(all.result.size() / 5);
    for (int p = 0; p < 5; ++p) {
      convolution.run(all.bordered.data() + all.at(p, 0, 0), nullptr, alone.data(), 1, line);
      CHECK(std::equal(alone.begin(), alone.end(), all.result.begin() + static_cast<std::ptrdiff_t>(alone.size()) * p));
    }
  }
}
