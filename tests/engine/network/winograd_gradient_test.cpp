// The weights' gradient by Winograd's method against its definition, in double.
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "engine/network/kernels/winograd_gradient.h"

#include <doctest/doctest.h>

using namespace kiln;

namespace {

float widened(Bf16 x) { return __builtin_bit_cast(float, static_cast<std::uint32_t>(x.bits) << 16); }
Bf16 narrowed(float x) { return {static_cast<std::uint16_t>((__builtin_bit_cast(std::uint32_t, x) + 0x8000u) >> 16)}; }

struct Lesson {
  WinogradShape shape;
  std::int64_t pictures;
  std::vector<Bf16> x, dy;

  Lesson(const WinogradShape& s, std::int64_t count) : shape(s), pictures(count) {
    std::mt19937 random(11);
    std::normal_distribution<float> normal;
    for (std::int64_t i = 0; i < count * s.height * s.width * s.in; ++i) x.push_back(narrowed(normal(random)));
    for (std::int64_t i = 0; i < count * s.height * s.width * s.out; ++i) dy.push_back(narrowed(normal(random)));
  }

  double x_at(std::int64_t picture, std::int64_t row, std::int64_t column, std::int64_t channel) const {
    if (row < 0 || column < 0 || row >= shape.height || column >= shape.width) return 0;
    return widened(x[static_cast<std::size_t>(((picture * shape.height + row) * shape.width + column) * shape.in + channel)]);
  }
  double dy_at(std::int64_t picture, std::int64_t row, std::int64_t column, std::int64_t channel) const {
    return widened(dy[static_cast<std::size_t>(((picture * shape.height + row) * shape.width + column) * shape.out + channel)]);
  }

  // Σ over pictures and pixels of f(picture, row, column).
  template <class F>
  double sum(const F& f) const {
    double total = 0;
    for (std::int64_t p = 0; p < pictures; ++p) {
      for (std::int64_t row = 0; row < shape.height; ++row) {
        for (std::int64_t column = 0; column < shape.width; ++column) total += f(p, row, column);
      }
    }
    return total;
  }
};

struct Gradient {
  std::vector<float> weights, bias;

  Gradient(Isa isa, const Lesson& lesson) {
    const WinogradShape& shape = lesson.shape;
    constexpr auto kOld = 1e30F;  // to be written over
    weights.assign(static_cast<std::size_t>(shape.out * 9 * shape.in), kOld);
    bias.assign(static_cast<std::size_t>(shape.out), kOld);
    std::vector<std::byte> scratch(winograd_gradient_scratch_bytes(shape, lesson.pictures) + 64);
    std::memset(scratch.data(), 0xff, scratch.size());  // NaN everywhere
    auto* const line = reinterpret_cast<std::byte*>((reinterpret_cast<std::uintptr_t>(scratch.data()) + 63) / 64 * 64);
    winograd_gradient(isa, shape, lesson.x.data(), lesson.dy.data(), lesson.pictures, weights.data(), bias.data(), line);
  }
};

}  // namespace

TEST_CASE("the weights' gradient by Winograd's method is the gradient, for every instruction set that has it") {
  // One tile alone, an odd number of them, panels of all widths, more tiles than are done at once.
  const std::vector<std::pair<WinogradShape, std::int64_t>> shapes = {
      {{2, 2, 16, 16}, 1}, {{2, 6, 48, 32}, 3}, {{4, 4, 112, 16}, 2}, {{16, 16, 64, 16}, 4}};
  for (int i = 0; i <= static_cast<int>(detected_isa()); ++i) {
    const Isa isa = static_cast<Isa>(i);
    for (const auto& [shape, pictures] : shapes) {
      if (!has_winograd_gradient(isa, shape)) continue;
      CAPTURE(shape.width);
      const Lesson lesson(shape, pictures);
      const Gradient got(isa, lesson);
      double error = 0, size = 0;
      for (std::int64_t out = 0; out < shape.out; out += 5) {
        const double bias = lesson.sum([&](auto p, auto row, auto column) { return lesson.dy_at(p, row, column, out); });
        CHECK(static_cast<double>(got.bias[static_cast<std::size_t>(out)]) == doctest::Approx(bias).epsilon(1e-5).scale(1));
        for (std::int64_t tap = 0; tap < 9; ++tap) {
          for (std::int64_t in = 0; in < shape.in; in += 3) {
            const double expected = lesson.sum([&](auto p, auto row, auto column) {
              return lesson.x_at(p, row + tap / 3 - 1, column + tap % 3 - 1, in) * lesson.dy_at(p, row, column, out);
            });
            const double difference = got.weights[static_cast<std::size_t>((out * 9 + tap) * shape.in + in)] - expected;
            error += difference * difference;
            size += expected * expected;
          }
        }
      }
      CHECK(std::sqrt(error / size) < 0.006);
    }
  }
}

TEST_CASE("what the weights' gradient has no kernel for is said beforehand") {
  CHECK_FALSE(has_winograd_gradient(Isa::kScalar, {4, 4, 16, 16}));
  CHECK_FALSE(has_winograd_gradient(Isa::kAvx512, {4, 4, 16, 16}));
  CHECK_FALSE(has_winograd_gradient(detected_isa(), {5, 4, 16, 16}));
  CHECK_FALSE(has_winograd_gradient(detected_isa(), {4, 4, 24, 16}));
}
