#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace kiln {

// Along which axes a picture goes on at its other side, so that it can be laid beside itself without a seam.
struct Tiling {
  bool x = false, y = false;

  bool any() const { return x || y; }
  friend bool operator==(const Tiling&, const Tiling&) = default;
};

// All convolutions of the calling thread pad circularly along the tiling's axes while this lives; else, and along other axes, with
// zeros. A network may be trained by another thread meanwhile.
class TilingScope {
 public:
  explicit TilingScope(Tiling tiling);
  ~TilingScope();
  TilingScope(const TilingScope&) = delete;
  TilingScope& operator=(const TilingScope&) = delete;

 private:
  Tiling before_;
};

Tiling current_tiling();

// x [B, C, H, W] with `before` pixels more at left and top and `after` at right and bottom, as the calling thread's tiling says.
at::Tensor padded_for_tiling(const at::Tensor& x, std::int64_t before, std::int64_t after);

}  // namespace kiln
