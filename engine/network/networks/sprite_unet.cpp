#include "engine/network/networks/sprite_unet.h"

#include <ATen/ATen.h>

#include "engine/base/error.h"
#include "engine/network/networks/param_lists.h"

namespace kiln {
namespace {

constexpr int kGroups = 8;
constexpr double kRootTwo = 1.414;  // as those projects write it

std::vector<ParamSpec> sprite_unet_params() {
  return {
      {.id = "features",
       .label = "Features",
       .unit = "channels",
       .fallback = 64,
       .min = 8,
       .max = 1024,
       .help = "Channels at the full size; twice as many below"},
      {.id = "time_scale",
       .label = "Time scale",
       .fallback = 1.0,
       .min = 1,
       .max = 100000,
       .help = "What the share of noise steps is multiplied by: 1, or the number of steps"},
  };
}

}  // namespace

SpriteUnet::SpriteUnet(const NetworkShape& shape, const ParamMap& params)
    : Network("SpriteUnet"), time_scale_(get_real(params, "time_scale")) {
  if (shape.width != shape.height)
    throw Failure(ErrorCode::kInvalidArgument, "this network makes square sprites only", "use sprites as wide as they are high");
  check_halvings(shape, 3);
  if (shape.classes < 1) throw Failure(ErrorCode::kInvalidArgument, "this network needs at least one class", "name one class");
  const int n = static_cast<int>(get_int(params, "features"));
  const Place root(*this);
  stem_ = make_pair(root / "init_conv", shape.channels, n);
  if (shape.channels != n) shortcut_ = (root / "init_conv").put("shortcut", Conv(shape.channels, n, 1));
  for (std::size_t i = 0; i < 2; ++i) {
    down1_[i] = make_pair(root / "down1" / "model" / i, n, n);
    down2_[i] = make_pair(root / "down2" / "model" / i, i == 0 ? n : 2 * n, 2 * n);
  }
  time1_ = make_embedding(root / "timeembed1", 1, 2 * n);
  time2_ = make_embedding(root / "timeembed2", 1, n);
  context1_ = make_embedding(root / "contextembed1", shape.classes, 2 * n);
  context2_ = make_embedding(root / "contextembed2", shape.classes, n);
  up0_ = (root / "up0").put("0", TileConv(2 * n, 2 * n, shape.width / 4));
  up0_norm_ = (root / "up0").put("1", GroupNorm(kGroups, 2 * n));
  up1_ = make_up(root / "up1" / "model", 4 * n, n);
  up2_ = make_up(root / "up2" / "model", 2 * n, n);
  head1_ = (root / "out").put("0", Conv(2 * n, n, 3));
  head_norm_ = (root / "out").put("1", GroupNorm(kGroups, n));
  head2_ = (root / "out").put("3", Conv(n, shape.output_channels(), 3));
}

SpriteUnet::ConvPair SpriteUnet::make_pair(const Place& place, int in, int out) {
  return {(place / "conv1").put("0", Conv(in, out, 3)), (place / "conv2").put("0", Conv(out, out, 3)),
          (place / "conv1").put("1", BatchNorm(out)), (place / "conv2").put("1", BatchNorm(out))};
}

SpriteUnet::Embedding SpriteUnet::make_embedding(const Place& place, int in, int out) {
  return {(place / "model").put("0", Dense(in, out)), (place / "model").put("2", Dense(out, out))};
}

SpriteUnet::Up SpriteUnet::make_up(const Place& place, int in, int out) {
  return {place.put("0", TileConv(in, out, 2)), make_pair(place / "1", out, out), make_pair(place / "2", out, out)};
}

at::Tensor SpriteUnet::ConvPair::forward(const at::Tensor& x) { return at::gelu(norm2(conv2(at::gelu(norm1(conv1(x)))))); }

at::Tensor SpriteUnet::Embedding::forward(const at::Tensor& x) { return second(at::gelu(first(x))).unsqueeze(-1).unsqueeze(-1); }

at::Tensor SpriteUnet::Up::forward(const at::Tensor& x, const at::Tensor& skip) {
  return second.forward(first.forward(grow(at::cat({x, skip}, 1))));
}

at::Tensor SpriteUnet::class_embeddings() {
  const at::Tensor each = at::eye(context1_.first->weight.size(1));
  return at::cat({context1_.forward(each), context2_.forward(each)}, 1).flatten(1);
}

at::Tensor SpriteUnet::forward(const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition) {
  const at::Tensor time = (t * time_scale_).unsqueeze(1);
  const at::Tensor stem = (stem_.forward(x) + (shortcut_.is_empty() ? x : shortcut_(x))) / kRootTwo;
  const at::Tensor down1 = at::max_pool2d(down1_[1].forward(down1_[0].forward(stem)), 2);
  const at::Tensor down2 = at::max_pool2d(down2_[1].forward(down2_[0].forward(down1)), 2);
  at::Tensor h = at::gelu(at::avg_pool2d(down2, down2.size(2)));  // [B, 2F, 1, 1]
  h = at::relu(up0_norm_(up0_(h)));
  h = up1_.forward(context1_.forward(condition) * h + time1_.forward(time), down2);
  h = up2_.forward(context2_.forward(condition) * h + time2_.forward(time), down1);
  return head2_(at::relu(head_norm_(head1_(at::cat({h, stem}, 1)))));
}

const NetworkKind& sprite_unet_kind() {
  static const NetworkKind kind{"sprite_unet", "Sprite U-Net", sprite_unet_params(),
                                [](const NetworkShape& shape, const ParamMap& params) -> std::shared_ptr<Network> {
                                  return std::make_shared<SpriteUnet>(shape, params);
                                },
                                [](const NetworkShape& shape, const ParamMap& params) {
                                  const double twice = 2.0 * static_cast<double>(get_int(params, "features"));
                                  const int tile = shape.width / 4;
                                  return twice * twice * (27 + tile * tile);
                                }};
  return kind;
}

}  // namespace kiln
