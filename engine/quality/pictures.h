#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "engine/base/image.h"

namespace kiln {

// Images of one size as a network sees them: [N, 4, H, W] fp32 in [-1, 1], straight alpha.
at::Tensor pictures_of(const std::vector<Image>& images);

}  // namespace kiln
