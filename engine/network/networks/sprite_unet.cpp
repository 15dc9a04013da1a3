#include "engine/network/networks/sprite_unet.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

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

// The convolution with the BatchNorm behind it folded in.
int convolve(NetworkGraph& graph, const ConvImpl& conv, const BatchNormImpl& norm, int x) {
  const at::Tensor slope = norm.weight / at::sqrt(norm.running_var + kBatchNormEps);
  return graph.add(GraphConvolution{.x = x,
                                    .weight = conv.weight * slope.view({-1, 1, 1, 1}),
                                    .bias = (conv.bias - norm.running_mean) * slope + norm.bias,
                                    .stride = conv.stride,
                                    .padding = conv.padding});
}

// Tile by tile: a 1×1 convolution whose channels are the tile's pixels, unfolded.
int enlarge(NetworkGraph& graph, const TileConvImpl& conv, int x) {
  const std::int64_t in = conv.weight.size(0), side = conv.weight.size(2);
  const int tiles = graph.add(GraphConvolution{
      .x = x, .weight = conv.weight.permute({2, 3, 1, 0}).reshape({-1, in, 1, 1}), .bias = conv.bias.repeat({side * side})});
  return graph.add(GraphUnfold{tiles, static_cast<int>(side)});
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

at::Tensor SpriteUnet::Embedding::forward(const at::Tensor& x) { return second(at::gelu(first(x))); }

at::Tensor SpriteUnet::Up::forward(const at::Tensor& x, const at::Tensor& skip) {
  return second.forward(first.forward(grow(at::cat({x, skip}, 1))));
}

at::Tensor SpriteUnet::class_embeddings() {
  const at::Tensor each = at::eye(context1_.first->weight.size(1));
  return at::cat({context1_.forward(each), context2_.forward(each)}, 1);
}

at::Tensor SpriteUnet::embedding(const at::Tensor& t, const at::Tensor& condition) {
  const at::Tensor time = (t * time_scale_).unsqueeze(1);
  return at::cat({context1_.forward(condition), time1_.forward(time), context2_.forward(condition), time2_.forward(time)}, 1);
}

at::Tensor SpriteUnet::forward(const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition) {
  const std::int64_t n = features();
  const auto parts = embedding(t, condition).unsqueeze(-1).unsqueeze(-1).split_with_sizes({2 * n, 2 * n, n, n}, 1);
  const at::Tensor stem = (stem_.forward(x) + (shortcut_.is_empty() ? x : shortcut_(x))) / kRootTwo;
  const at::Tensor down1 = at::max_pool2d(down1_[1].forward(down1_[0].forward(stem)), 2);
  const at::Tensor down2 = at::max_pool2d(down2_[1].forward(down2_[0].forward(down1)), 2);
  at::Tensor h = at::gelu(at::avg_pool2d(down2, down2.size(2)));  // [B, 2F, 1, 1]
  h = at::relu(up0_norm_(up0_(h)));
  h = up1_.forward(parts[0] * h + parts[1], down2);
  h = up2_.forward(parts[2] * h + parts[3], down1);
  return head2_(at::relu(head_norm_(head1_(at::cat({h, stem}, 1)))));
}

int SpriteUnet::ConvPair::add_to(NetworkGraph& graph, int x, GraphNorm end) const {
  end.x = convolve(graph, *conv2, *norm2,
                   graph.add(GraphNorm{.x = convolve(graph, *conv1, *norm1, x), .activation = Activation::kGelu}));
  end.activation = Activation::kGelu;
  return graph.add(std::move(end));
}

int SpriteUnet::Up::add_to(NetworkGraph& graph, int x, int skip, GraphNorm end) const {
  const int grown = enlarge(graph, *grow, graph.add(GraphConcat{{{x}, {skip}}}));
  return second.add_to(graph, first.add_to(graph, grown), std::move(end));
}

NetworkGraph SpriteUnet::graph() const {
  const at::NoGradGuard no_grad;
  const std::int64_t n = features();
  NetworkGraph graph;
  graph.modulation_size = 6 * n;
  const int x = graph.add(GraphInput{});
  const int around = shortcut_.is_empty() ? x : graph.convolve(*shortcut_, x);
  const int stem = stem_.add_to(graph, x, {.x = kNoValue, .after = around, .scale = static_cast<float>(1 / kRootTwo)});
  const int down1 = graph.add(GraphPool{down1_[1].add_to(graph, down1_[0].add_to(graph, stem)), 2, true});
  const int down2 = graph.add(GraphPool{down2_[1].add_to(graph, down2_[0].add_to(graph, down1)), 2, true});
  const int pooled = graph.add(GraphPool{down2, static_cast<int>(up0_->weight.size(2)), false});
  int h = enlarge(graph, *up0_, graph.add(GraphNorm{.x = pooled, .activation = Activation::kGelu}));
  h = graph.normalise(*up0_norm_, {.x = h, .activation = Activation::kRelu, .factors = 0, .offsets = 2 * n});
  h = up1_.add_to(graph, h, down2, {.x = kNoValue, .factors = 4 * n, .offsets = 5 * n});
  h = up2_.add_to(graph, h, down1);
  h = graph.convolve(*head1_, graph.add(GraphConcat{{{h}, {stem}}}));
  graph.convolve(*head2_, graph.normalise(*head_norm_, {.x = h, .activation = Activation::kRelu}));
  return graph;
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
