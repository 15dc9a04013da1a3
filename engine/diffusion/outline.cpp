#include "engine/diffusion/outline.h"

#include <ATen/ATen.h>

#include <iterator>
#include <string>

#include "engine/base/error.h"

namespace kiln {
namespace {

constexpr double kInk = -0.9;          // in [-1, 1]
constexpr double kShade = 0.4;         // of the brightness of what is within
constexpr double kLeastWeight = 1e-6;  // where nothing is within

struct Shift {
  std::int64_t down, right;
};
constexpr Shift kSides[] = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};

// padded: with a margin of one pixel. What lies `shift` from each pixel.
at::Tensor shifted(const at::Tensor& padded, Shift shift) {
  const std::int64_t height = padded.size(2) - 2, width = padded.size(3) - 2;
  return padded.narrow(2, 1 + shift.down, height).narrow(3, 1 + shift.right, width);
}

at::Tensor padded(const at::Tensor& pictures, double margin) { return at::constant_pad_nd(pictures, {1, 1, 1, 1}, margin); }

// 1 where a pixel is opaque and one of its four neighbours is not. opaque: [B, 1, H, W] of 0 and 1.
at::Tensor edge_of(const at::Tensor& opaque) {
  const at::Tensor empty = 1 - padded(opaque, 0);
  at::Tensor beside = shifted(empty, kSides[0]);
  for (std::size_t i = 1; i < std::size(kSides); ++i) beside = at::maximum(beside, shifted(empty, kSides[i]));
  return opaque * beside;
}

// Of the eight pixels around each. Left and right are added first, so that mirror images have the same sums to the bit.
at::Tensor sum_around(const at::Tensor& padded) {
  const auto both = [&](std::int64_t down) { return shifted(padded, {down, -1}) + shifted(padded, {down, 1}); };
  return both(-1) + both(0) + both(1) + (shifted(padded, {-1, 0}) + shifted(padded, {1, 0}));
}

// The mean colour of the pixels around that `inside` (0 or 1) has; a pixel's own where there are none.
at::Tensor colour_within(const at::Tensor& colour, const at::Tensor& inside) {
  const at::Tensor sum = sum_around(padded(colour * inside, 0)), weight = sum_around(padded(inside, 0));
  return at::where(weight > 0, sum / weight.clamp_min(kLeastWeight), colour);
}

}  // namespace

Outline parse_outline(std::string_view text) {
  if (text == "off") return Outline::kOff;
  if (text == "dark") return Outline::kDark;
  if (text == "selective") return Outline::kSelective;
  if (text == "none") return Outline::kNone;
  throw Failure(ErrorCode::kInvalidArgument, "“" + std::string(text) + "” is no outline", "choose off, dark, selective or none");
}

at::Tensor outlined(Outline outline, const at::Tensor& x0) {
  if (outline == Outline::kOff) return x0;
  const at::Tensor colour = x0.narrow(1, 0, 3), alpha = x0.narrow(1, 3, 1);
  const at::Tensor opaque = (alpha > 0).to(x0.scalar_type()), edge = edge_of(opaque);
  at::Tensor wanted;
  if (outline == Outline::kDark) {
    wanted = at::full_like(colour, kInk);
  } else {
    wanted = colour_within(colour, opaque - edge);
    if (outline == Outline::kSelective) wanted = (wanted + 1) * kShade - 1;
  }
  const at::Tensor share = edge * alpha.clamp(0, 1);
  return at::cat({colour + (wanted - colour) * share, alpha}, 1);
}

}  // namespace kiln
