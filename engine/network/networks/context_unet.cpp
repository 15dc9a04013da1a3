#include "engine/network/networks/context_unet.h"

#include <ATen/ATen.h>

#include <cmath>

#include "engine/base/error.h"
#include "engine/network/blocks/attention_recorder.h"
#include "engine/network/networks/param_lists.h"

namespace kiln {
namespace {

constexpr int kGroups = 8;

std::vector<ParamSpec> context_unet_params() {
  return {
      {.id = "stem",
       .label = "Stem",
       .unit = "channels",
       .fallback = 64,
       .min = 8,
       .max = 1024,
       .help = "Channels after the first convolution"},
      {.id = "level_channels",
       .label = "Channels",
       .fallback = "64,128,128",
       .help = "Channels of each level, from the full size down"},
      {.id = "attention",
       .label = "Attention",
       .fallback = "0,1,1",
       .help = "For each level, 1 if its blocks are followed by attention"},
      {.id = "blocks",
       .label = "Blocks",
       .unit = "per level",
       .fallback = 2,
       .min = 1,
       .max = 8,
       .help = "Residual blocks of each level on the way down; one more on the way up"},
      {.id = "embedding",
       .label = "Embedding",
       .unit = "channels",
       .fallback = 256,
       .min = 8,
       .max = 4096,
       .help = "Width of the time and class embedding"},
  };
}

}  // namespace

ContextUnet::ContextUnet(const NetworkShape& shape, const ParamMap& params)
    : Network("ContextUnet"), embedding_(static_cast<int>(get_int(params, "embedding"))) {
  const int stem = static_cast<int>(get_int(params, "stem")), blocks = static_cast<int>(get_int(params, "blocks"));
  const auto channels = int_list(params, "level_channels", 8, 4096), attention = int_list(params, "attention", 0, 1);
  check_halvings(shape, channels.size());
  if (attention.size() != channels.size()) {
    throw Failure(ErrorCode::kInvalidArgument, "channels and attention are lists of different lengths",
                  "give one number for each level in both");
  }
  const Place root(*this);
  time1_ = (root / "time_mlp").put("0", Dense(1, embedding_));
  time2_ = (root / "time_mlp").put("2", Dense(embedding_, embedding_));
  class_table_ = root.put("label_emb", Table(shape.classes + 1, embedding_))->weight;
  stem_ = root.put("init_conv", Conv(shape.channels, stem, 3));
  int current = stem;
  for (std::size_t l = 0; l < channels.size(); ++l) {
    down_.push_back(make_level(root / "downs" / l, blocks, current, channels[l], attention[l] != 0));
    current = channels[l];
  }
  middle1_ = make_block(root / "mid" / "block1", current, current);
  middle_attention_ = make_attention(root / "mid" / "attn", current);
  middle2_ = make_block(root / "mid" / "block2", current, current);
  for (std::size_t k = 0; k < channels.size(); ++k) {
    const std::size_t l = channels.size() - 1 - k;
    const int out = l == 0 ? stem : channels[l - 1];
    up_.push_back(make_level(root / "ups" / k, blocks + 1, current + channels[l], out, attention[l] != 0));
    current = out;
  }
  head_norm_ = (root / "out_conv").put("0", GroupNorm(kGroups, current));
  head_ = (root / "out_conv").put("2", Conv(current, shape.output_channels(), 3));
}

ContextUnet::Block ContextUnet::make_block(const Place& place, int in, int out) const {
  Block block;
  block.conv1 = place.put("conv1", Conv(in, out, 3));
  block.conv2 = place.put("conv2", Conv(out, out, 3));
  block.norm1 = place.put("norm1", GroupNorm(kGroups, out));
  block.norm2 = place.put("norm2", GroupNorm(kGroups, out));
  if (in != out) block.skip = place.put("skip", Conv(in, out, 1));
  block.time = (place / "time_mlp").put("0", Dense(embedding_, out));
  return block;
}

ContextUnet::PixelAttention ContextUnet::make_attention(const Place& place, int channels) {
  return {place.put("norm", GroupNorm(kGroups, channels)), place.put("q", PixelDense(channels, channels)),
          place.put("k", PixelDense(channels, channels)), place.put("v", PixelDense(channels, channels)),
          place.put("proj_out", PixelDense(channels, channels))};
}

ContextUnet::Level ContextUnet::make_level(const Place& place, int blocks, int in, int out, bool attention) const {
  Level level;
  for (int b = 0; b < blocks; ++b)
    level.blocks.push_back(make_block(place / "blocks" / static_cast<std::size_t>(b), b == 0 ? in : out, out));
  if (attention) level.attention = make_attention(place / "attn", out);
  return level;
}

at::Tensor ContextUnet::Block::forward(const at::Tensor& x, const at::Tensor& embedding) {
  at::Tensor h = at::silu(norm1(conv1(x)));
  h = h + at::silu(time(embedding)).unsqueeze(-1).unsqueeze(-1);
  h = norm2(conv2(h));
  return at::silu(h + (skip.is_empty() ? x : skip(x)));
}

at::Tensor ContextUnet::PixelAttention::forward(const at::Tensor& x) {
  const at::Tensor pixels = norm(x).flatten(2);  // [B, C, N]
  const double scale = 1.0 / std::sqrt(static_cast<double>(x.size(1)));
  const at::Tensor weights = at::softmax(at::bmm(q(pixels).transpose(1, 2), k(pixels)) * scale, -1);
  if (auto* recorder = AttentionRecorder::current()) recorder->add(weights.unsqueeze(1), x);
  const at::Tensor attended = at::bmm(v(pixels), weights.transpose(1, 2));  // [B, C, N]
  return x + project(attended).reshape(x.sizes());
}

at::Tensor ContextUnet::Level::forward(at::Tensor x, const at::Tensor& embedding) {
  for (auto& block : blocks) x = block.forward(x, embedding);
  return attention.norm.is_empty() ? x : attention.forward(x);
}

at::Tensor ContextUnet::embedding(const at::Tensor& t, const at::Tensor& condition) {
  return time2_(at::silu(time1_(t.unsqueeze(1)))) + at::matmul(with_null_weight(condition), class_table_);
}

at::Tensor ContextUnet::forward(const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition) {
  const at::Tensor e = embedding(t, condition);
  at::Tensor h = stem_(x);
  std::vector<at::Tensor> skips;
  for (std::size_t l = 0; l < down_.size(); ++l) {
    if (l > 0) h = at::avg_pool2d(h, 2);
    skips.push_back(h = down_[l].forward(h, e));
  }
  h = middle2_.forward(middle_attention_.forward(middle1_.forward(h, e)), e);
  for (std::size_t k = 0; k < up_.size(); ++k) {
    if (k > 0) h = at::upsample_nearest2d(h, {h.size(2) * 2, h.size(3) * 2});
    h = up_[k].forward(at::cat({h, skips.back()}, 1), e);
    skips.pop_back();
  }
  return head_(at::silu(head_norm_(h)));
}

int ContextUnet::Block::add_to(NetworkGraph& graph, int x) const {
  const int inner =
      graph.normalise(*norm1, {.x = graph.convolve(*conv1, x), .activation = Activation::kSilu, .offsets = graph.modulate(*time)});
  const int around = skip.is_empty() ? x : graph.convolve(*skip, x);
  return graph.normalise(*norm2, {.x = graph.convolve(*conv2, inner), .activation = Activation::kSilu, .before = around});
}

int ContextUnet::PixelAttention::add_to(NetworkGraph& graph, int x) const {
  const auto as_convolution = [&](const at::Tensor& weight, const at::Tensor& bias, int of, int added) {
    return graph.add(GraphConvolution{.x = of, .weight = weight.detach().unsqueeze(-1), .bias = bias.detach(), .added = added});
  };
  const int qkv = as_convolution(at::cat({q->weight, k->weight, v->weight}), at::cat({q->bias, k->bias, v->bias}),
                                 graph.normalise(*norm, {.x = x}), kNoValue);
  return as_convolution(project->weight, project->bias, graph.add(GraphAttention{qkv, 1}), x);
}

int ContextUnet::Level::add_to(NetworkGraph& graph, int x) const {
  for (const auto& block : blocks) x = block.add_to(graph, x);
  return attention.norm.is_empty() ? x : attention.add_to(graph, x);
}

NetworkGraph ContextUnet::graph() const {
  NetworkGraph graph;
  graph.modulation_activation = Activation::kSilu;
  int h = graph.convolve(*stem_, graph.add(GraphInput{}));
  std::vector<int> skips;
  for (std::size_t l = 0; l < down_.size(); ++l) {
    if (l > 0) h = graph.add(GraphPool{h, 2, false});
    skips.push_back(h = down_[l].add_to(graph, h));
  }
  h = middle2_.add_to(graph, middle_attention_.add_to(graph, middle1_.add_to(graph, h)));
  for (std::size_t k = 0; k < up_.size(); ++k) {
    h = up_[k].add_to(graph, graph.add(GraphConcat{{{h, k > 0 ? 2 : 1}, {skips.back()}}}));
    skips.pop_back();
  }
  graph.convolve(*head_, graph.normalise(*head_norm_, {.x = h, .activation = Activation::kSilu}));
  return graph;
}

const NetworkKind& context_unet_kind() {
  static const NetworkKind kind{"context_unet", "Context U-Net", context_unet_params(),
                                [](const NetworkShape& shape, const ParamMap& params) -> std::shared_ptr<Network> {
                                  return std::make_shared<ContextUnet>(shape, params);
                                },
                                [](const NetworkShape&, const ParamMap& params) {
                                  return fewest_weights(int_list(params, "level_channels", 8, 4096),
                                                        static_cast<int>(get_int(params, "blocks")));
                                }};
  return kind;
}

}  // namespace kiln
