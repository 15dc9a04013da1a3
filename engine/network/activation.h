#pragma once

namespace kiln {

// GELU by the error function (Hendrycks & Gimpel 2016).
enum class Activation { kNone, kSilu, kGelu, kRelu };

}  // namespace kiln
