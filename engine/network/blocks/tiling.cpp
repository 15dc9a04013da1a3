#include "engine/network/blocks/tiling.h"

#include <ATen/ATen.h>

namespace kiln {
namespace {

Tiling& of_thread() {
  static thread_local Tiling tiling;
  return tiling;
}

at::Tensor wrapped(const at::Tensor& x, std::int64_t axis, std::int64_t before, std::int64_t after) {
  return at::cat({x.narrow(axis, x.size(axis) - before, before), x, x.narrow(axis, 0, after)}, axis);
}

}  // namespace

TilingScope::TilingScope(Tiling tiling) : before_(of_thread()) { of_thread() = tiling; }
TilingScope::~TilingScope() { of_thread() = before_; }

Tiling current_tiling() { return of_thread(); }

at::Tensor padded_for_tiling(const at::Tensor& x, std::int64_t before, std::int64_t after) {
  const Tiling tiling = of_thread();
  const at::Tensor wide = tiling.x ? wrapped(x, 3, before, after) : at::constant_pad_nd(x, {before, after});
  return tiling.y ? wrapped(wide, 2, before, after) : at::constant_pad_nd(wide, {0, 0, before, after});
}

}  // namespace kiln
