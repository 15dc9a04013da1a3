#include "engine/diffusion/conditioning.h"

#include <ATen/ATen.h>

#include <utility>

#include "engine/base/error.h"

namespace kiln {

Conditioning::Conditioning(at::Tensor weights) : condition(std::move(weights)) {}

at::Tensor Conditioning::negative_half() const { return negative.defined() ? negative : at::zeros_like(condition); }

void Conditioning::check(const at::Tensor& x) const {
  const auto fits = [&](const at::Tensor& picture, std::int64_t channels) {
    return !picture.defined() || (picture.dim() == 4 && (picture.size(0) == 1 || picture.size(0) == x.size(0)) &&
                                  picture.size(1) == channels && picture.size(2) == x.size(2) && picture.size(3) == x.size(3));
  };
  if (condition.dim() != 2 || condition.size(0) != x.size(0) || (negative.defined() && negative.sizes() != condition.sizes()))
    throw Failure(ErrorCode::kInternal, "conditions and noise are for different numbers of sprites", "please report this");
  if (!fits(init, x.size(1)) || !fits(mask, 1) || (mask.defined() && !init.defined()))
    throw Failure(ErrorCode::kInternal, "an init image or its mask does not fit to the noise", "please report this");
}

}  // namespace kiln
