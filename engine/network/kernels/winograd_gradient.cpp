#include "engine/network/kernels/winograd_gradient.h"

#include <algorithm>

#include "engine/network/kernels/winograd_gradient_table.h"

namespace kiln {
namespace {

using winograd_gradient_table::kPlanesInRow;
using winograd_gradient_table::kVector;

constexpr std::int64_t kTiles = 192;  // at once: a panel of them stays in the first-level cache
constexpr std::size_t kLine = 64;     // bytes

const winograd_gradient_table::Steps* steps_of(Isa isa) {
  return isa == Isa::kAvx512Bf16 ? winograd_gradient_table::kAvx512Bf16 : nullptr;
}

// Where everything lies, in bytes from the beginning of the scratch memory. Planes are a line longer than they need be: whole
// pages apart they would fall into the same few lines of the cache.
struct Layout {
  std::int64_t tiles, at_once, x_plane, dy_plane, product_plane;
  std::size_t zeros, x, dy, products, bytes;

  Layout(const WinogradShape& shape, std::int64_t pictures) : tiles(pictures * (shape.height / 2) * (shape.width / 2)) {
    at_once = std::min(kTiles, (tiles + 1) / 2 * 2);
    constexpr auto kHalves = static_cast<std::int64_t>(kLine / sizeof(Bf16)),
                   kFloats = static_cast<std::int64_t>(kLine / sizeof(float));
    x_plane = at_once * shape.in + kHalves;
    dy_plane = at_once * shape.out + kHalves;
    product_plane = shape.in * shape.out + kFloats;
    zeros = 0;
    x = (static_cast<std::size_t>(shape.in) * sizeof(Bf16) + kLine - 1) / kLine * kLine;
    dy = x + static_cast<std::size_t>(kPlanesInRow * x_plane) * sizeof(Bf16);
    products = dy + static_cast<std::size_t>(kPlanesInRow * dy_plane) * sizeof(Bf16);
    bytes = products + static_cast<std::size_t>(kPlanesInRow * kPlanesInRow * product_plane) * sizeof(float);
  }
};

}  // namespace

bool has_winograd_gradient(Isa isa, const WinogradShape& shape) {
  return steps_of(isa) && shape.height % 2 == 0 && shape.width % 2 == 0 && shape.in % kVector == 0 && shape.out % kVector == 0;
}

std::size_t winograd_gradient_scratch_bytes(const WinogradShape& shape, std::int64_t pictures) {
  return Layout(shape, pictures).bytes;
}

void winograd_gradient(Isa isa, const WinogradShape& shape, const Bf16* x, const Bf16* dy, std::int64_t pictures, float* weights,
                       float* bias, std::byte* scratch) {
  const auto& steps = *steps_of(isa);
  const Layout layout(shape, pictures);
  auto* const zeros = reinterpret_cast<Bf16*>(scratch + layout.zeros);
  auto* const x_planes = reinterpret_cast<Bf16*>(scratch + layout.x);
  auto* const dy_planes = reinterpret_cast<Bf16*>(scratch + layout.dy);
  auto* const products = reinterpret_cast<float*>(scratch + layout.products);
  std::fill_n(zeros, shape.in, Bf16{});
  std::fill_n(bias, shape.out, 0.0F);
  for (int row = 0; row < kPlanesInRow; ++row) {
    for (std::int64_t first = 0; first < layout.tiles; first += layout.at_once) {
      const winograd_table::Tiles tiles{first, std::min(layout.at_once, layout.tiles - first)};
      steps.transform_x(shape, tiles, row, x, zeros, x_planes, layout.x_plane);
      steps.transform_dy(shape, tiles, row, dy, dy_planes, layout.dy_plane, bias);
      for (int column = 0; column < kPlanesInRow; ++column) {
        steps.multiply(shape, (tiles.count + 1) / 2, dy_planes + column * layout.dy_plane, x_planes + column * layout.x_plane,
                       first > 0, products + (row * kPlanesInRow + column) * layout.product_plane);
      }
    }
  }
  steps.finish(shape, products, layout.product_plane, weights);
}

}  // namespace kiln
