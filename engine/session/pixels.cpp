#include "engine/session/pixels.h"

#include <ATen/ATen.h>

namespace kiln {
namespace {

std::uint8_t finished_alpha(std::uint8_t alpha, AlphaFinish finish) {
  constexpr int kNearly = 16;
  if (finish == AlphaFinish::kHard) return alpha >= 128 ? 255 : 0;
  if (finish == AlphaFinish::kSnapped) return alpha <= kNearly ? 0 : alpha >= 255 - kNearly ? 255 : alpha;
  return alpha;
}

}  // namespace

Frame to_frame(const at::Tensor& x, AlphaFinish finish) {
  const at::Tensor bytes = x.detach()
                               .to(at::kCPU, at::kFloat)
                               .add(1.0)
                               .mul(127.5)
                               .round()
                               .clamp(0, 255)
                               .to(at::kByte)
                               .permute({0, 2, 3, 1})
                               .contiguous();
  Frame frame;
  frame.count = static_cast<int>(bytes.size(0));
  frame.height = static_cast<int>(bytes.size(1));
  frame.width = static_cast<int>(bytes.size(2));
  const auto channels = static_cast<std::size_t>(bytes.size(3));
  const auto pixels = static_cast<std::size_t>(bytes.numel()) / channels;
  frame.rgba.resize(pixels * 4);
  const auto* in = bytes.data_ptr<std::uint8_t>();
  auto* out = frame.rgba.data();
  for (std::size_t i = 0; i < pixels; ++i, in += channels, out += 4) {
    const std::uint8_t alpha = channels == 4 ? finished_alpha(in[3], finish) : 255;
    for (int c = 0; c < 3; ++c) out[c] = alpha == 0 ? 0 : in[c];
    out[3] = alpha;
  }
  return frame;
}

std::vector<Image> sprites_of(const Frame& frame) {
  std::vector<Image> sprites;
  for (int i = 0; i < frame.count; ++i) sprites.push_back(frame.sprite(i));
  return sprites;
}

}  // namespace kiln
