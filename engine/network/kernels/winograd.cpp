#include "engine/network/kernels/winograd.h"

#include <algorithm>
#include <type_traits>

#include "engine/network/kernels/winograd_table.h"

namespace kiln {
namespace {

using winograd_table::Steps;

constexpr std::size_t kLine = 64;  // bytes
constexpr int kPlanes = 16;
constexpr std::int64_t kCacheBytes = 700 * 1024;  // of transformed tiles and products at once: the second-level cache, roughly

std::size_t whole_lines(std::size_t bytes) { return (bytes + kLine - 1) / kLine * kLine; }

// The first line from `address` on.
std::byte* on_line(std::byte* address) {
  const auto place = reinterpret_cast<std::uintptr_t>(address);
  return address + (whole_lines(place) - place);
}

template <class T>
const Steps<T>* steps_of(Isa isa) {
  using namespace winograd_table;
  static constexpr Pair kNone = {nullptr, nullptr};
  static const Pair* const kPairs[] = {&kNone, &kAvx2, &kAvx512, &kAvx512Bf16};
  const Pair& pair = *kPairs[static_cast<int>(isa)];
  if constexpr (std::is_same_v<T, float>) {
    return pair.f32;
  } else {
    return pair.bf16;
  }
}

// A plane is a line longer than it need be: planes whole pages apart would fall into the same few lines of the cache.
template <class T>
std::int64_t plane_of(std::int64_t numbers) {
  return numbers + static_cast<std::int64_t>(kLine / sizeof(T));
}

// The panels of result channels: as wide as they come, then half, then one vector.
template <class T, class Body>
void each_panel(const Steps<T>& steps, std::int64_t out, const Body& body) {
  std::int64_t column = 0;
  for (std::int64_t width = steps.vectors * steps.vector; width >= steps.vector; width /= 2) {
    for (; out - column >= width; column += width) body(column, width);
  }
}

// G g Gᵀ of one kernel g, [3, 3] → [4, 4]; g's numbers are `stride` apart.
void transform_weights(const float* g, std::int64_t stride, float* u) {
  float half[4][3];
  for (int j = 0; j < 3; ++j) {
    const float a = g[j * stride], b = g[(3 + j) * stride], c = g[(6 + j) * stride];
    half[0][j] = a;
    half[1][j] = 0.5f * (a + b + c);
    half[2][j] = 0.5f * (a - b + c);
    half[3][j] = c;
  }
  for (int i = 0; i < 4; ++i) {
    const float a = half[i][0], b = half[i][1], c = half[i][2];
    u[4 * i] = a;
    u[4 * i + 1] = 0.5f * (a + b + c);
    u[4 * i + 2] = 0.5f * (a - b + c);
    u[4 * i + 3] = c;
  }
}

template <class T>
std::int64_t tiles_at_once(const WinogradShape& shape, int pictures) {
  const std::int64_t all = pictures * (shape.height / 2) * (shape.width / 2);
  const std::int64_t bytes =
      kPlanes * (shape.in * static_cast<std::int64_t>(sizeof(T)) + shape.out * static_cast<std::int64_t>(sizeof(float)));
  return std::clamp<std::int64_t>(kCacheBytes / bytes / 4 * 4, 4, std::max<std::int64_t>(all, 4));
}

float converted(float value, const float*) { return value; }
Bf16 converted(float value, const Bf16*) {
  const auto bits = __builtin_bit_cast(std::uint32_t, value);
  return {static_cast<std::uint16_t>(value != value ? 0x7fc0u : (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16)};
}

}  // namespace

template <class T>
bool has_winograd(Isa isa, const WinogradShape& shape) {
  const Steps<T>* const steps = steps_of<T>(isa);
  return steps && shape.height % 2 == 0 && shape.width % 2 == 0 && shape.in % steps->vector == 0 && shape.out % steps->vector == 0;
}

std::size_t winograd_weights(const WinogradShape& shape) { return static_cast<std::size_t>(kPlanes * shape.in * shape.out); }

template <class T>
std::size_t winograd_scratch_bytes(const WinogradShape& shape, int pictures) {
  const std::int64_t tiles = tiles_at_once<T>(shape, pictures);
  return whole_lines(static_cast<std::size_t>(kPlanes * plane_of<T>(tiles * shape.in)) * sizeof(T)) +
         static_cast<std::size_t>(kPlanes * plane_of<float>(tiles * shape.out)) * sizeof(float);
}

template <class T>
void winograd_run(Isa isa, const WinogradShape& shape, const T* packed, const float* bias, const T* bordered, const T* added,
                  T* result, int pictures, std::byte* scratch) {
  const Steps<T>& steps = *steps_of<T>(isa);
  const std::int64_t all = pictures * (shape.height / 2) * (shape.width / 2), at_once = tiles_at_once<T>(shape, pictures);
  const std::int64_t in_plane = plane_of<T>(at_once * shape.in), out_plane = plane_of<float>(at_once * shape.out);
  T* const planes = reinterpret_cast<T*>(scratch);
  auto* const products = reinterpret_cast<float*>(scratch + whole_lines(static_cast<std::size_t>(kPlanes * in_plane) * sizeof(T)));
  for (std::int64_t first = 0; first < all; first += at_once) {
    const winograd_table::Tiles tiles{first, std::min(at_once, all - first)};
    steps.transform(shape, tiles, bordered, planes, in_plane);
    for (int p = 0; p < kPlanes; ++p) {
      const T* const weights = packed + p * shape.in * shape.out;
      each_panel(steps, shape.out, [&](std::int64_t column, std::int64_t width) {
        steps.multiply(tiles.count, shape.in, width, planes + p * in_plane, weights + column * shape.in,
                       products + p * out_plane + column, shape.out);
      });
    }
    steps.finish(shape, tiles, products, out_plane, bias, added, result);
  }
}

bool has_winograd_packing(Isa isa, const WinogradShape& shape) {
  return has_winograd<Bf16>(isa, shape) && steps_of<Bf16>(isa)->pack;
}

void winograd_pack(Isa isa, const WinogradShape& shape, const float* weights, bool transposed, Bf16* packed) {
  constexpr std::int64_t kBlock = 16;  // channels
  const Steps<Bf16>& steps = *steps_of<Bf16>(isa);
  const std::int64_t plane = shape.in * shape.out;
  const std::int64_t sources = transposed ? shape.out : shape.in, results = transposed ? shape.in : shape.out;
  each_panel(steps, results, [&](std::int64_t column, std::int64_t width) {
    for (std::int64_t source = 0; source < sources; source += kBlock) {
      for (std::int64_t result = column; result < column + width; result += kBlock) {
        const std::int64_t row = transposed ? source : result, place = transposed ? result : source;
        steps.pack(weights + row * 9 * shape.in + place, shape.in, transposed, width, plane,
                   packed + column * sources + source * width + (result - column) * 2);
      }
    }
  });
}

template <class T>
WinogradConvolution<T>::WinogradConvolution(Isa isa, const WinogradShape& shape, const float* weights, const float* bias)
    : isa_(isa), shape_(shape), bias_(bias, bias + shape.out) {
  const Steps<T>& steps = *steps_of<T>(isa);
  const std::int64_t plane = shape.in * shape.out;
  memory_.resize(winograd_weights(shape) * sizeof(T) + kLine);
  T* const all = reinterpret_cast<T*>(on_line(memory_.data()));
  weights_ = all;
  if constexpr (std::is_same_v<T, Bf16>) {
    if (has_winograd_packing(isa, shape)) {
      winograd_pack(isa, shape, weights, false, all);
      return;
    }
  }
  each_panel(steps, shape.out, [&](std::int64_t column, std::int64_t width) {
    for (std::int64_t o = 0; o < width; ++o) {
      for (std::int64_t i = 0; i < shape.in; ++i) {
        float transformed[kPlanes];
        transform_weights(weights + (column + o) * 9 * shape.in + i, shape.in, transformed);
        T* const to = all + column * shape.in + i / steps.depth * width * steps.depth + o * steps.depth + i % steps.depth;
        for (int p = 0; p < kPlanes; ++p) to[p * plane] = converted(transformed[p], to);
      }
    }
  });
}

#define KILN_WINOGRAD(T)                                                                                                     \
  template bool has_winograd<T>(Isa, const WinogradShape&);                                                                  \
  template std::size_t winograd_scratch_bytes<T>(const WinogradShape&, int);                                                 \
  template void winograd_run<T>(Isa, const WinogradShape&, const T*, const float*, const T*, const T*, T*, int, std::byte*); \
  template class WinogradConvolution<T>;
KILN_WINOGRAD(float)
KILN_WINOGRAD(Bf16)
#undef KILN_WINOGRAD

}  // namespace kiln
