#include "engine/network/networks/unet2d.h"

#include <ATen/ATen.h>

#include <cmath>

#include "engine/base/error.h"
#include "engine/network/blocks/attention_recorder.h"
#include "engine/network/blocks/tiling.h"
#include "engine/network/networks/param_lists.h"

namespace kiln {
namespace {

std::vector<ParamSpec> unet2d_params() {
  return {
      {.id = "level_channels",
       .label = "Channels",
       .fallback = "64,128,256",
       .help = "Channels of each level, from the full size down"},
      {.id = "down_attention",
       .label = "Attention down",
       .fallback = "0,1,0",
       .help = "For each level on the way down, 1 if its blocks are followed by attention"},
      {.id = "up_attention",
       .label = "Attention up",
       .fallback = "0,1,0",
       .help = "The same on the way up, from the smallest size"},
      {.id = "middle_attention",
       .label = "Attention in the middle",
       .fallback = true,
       .help = "Whether the smallest level has attention between its last blocks"},
      {.id = "blocks",
       .label = "Blocks",
       .unit = "per level",
       .fallback = 2,
       .min = 1,
       .max = 8,
       .help = "Residual blocks of each level on the way down; one more on the way up"},
      {.id = "groups",
       .label = "Groups",
       .fallback = 32,
       .min = 1,
       .max = 1024,
       .help = "Groups of channels that are normalised together"},
      {.id = "eps",
       .label = "Norm ε",
       .fallback = 1e-5,
       .min = 1e-12,
       .max = 1,
       .logarithmic = true,
       .help = "Added to the variance"},
      {.id = "head_channels",
       .label = "Channels per head",
       .fallback = 8,
       .max = 4096,
       .help = "Channels of each attention head; 0: one head"},
      {.id = "time_scale",
       .label = "Time scale",
       .fallback = 1000.0,
       .min = 1,
       .max = 100000,
       .help = "Number of noise steps, which time is counted in"},
      {.id = "cosine_first", .label = "Cosines first", .fallback = true, .help = "Order of the halves of the time embedding"},
      {.id = "frequency_shift",
       .label = "Frequency shift",
       .fallback = 0.0,
       .min = -16,
       .max = 16,
       .help = "Shift of the time embedding's frequencies"},
      {.id = "pad_end_only",
       .label = "Pad at the end only",
       .fallback = false,
       .help = "Whether shrinking pads right and below alone"},
      {.id = "centre_input",
       .label = "Centre the input",
       .fallback = false,
       .help = "Whether the network was trained on values from 0 to 1"},
  };
}

}  // namespace

Unet2d::Unet2d(const NetworkShape& shape, const ParamMap& params)
    : Network("Unet2d"),
      groups_(static_cast<int>(get_int(params, "groups"))),
      head_channels_(static_cast<int>(get_int(params, "head_channels"))),
      timesteps_(get_real(params, "time_scale")),
      eps_(get_real(params, "eps")),
      frequency_shift_(get_real(params, "frequency_shift")),
      cosine_first_(get_bool(params, "cosine_first")),
      pad_end_only_(get_bool(params, "pad_end_only")),
      centre_input_(get_bool(params, "centre_input")) {
  const auto channels = int_list(params, "level_channels", 4, 4096), down = int_list(params, "down_attention", 0, 1),
             up = int_list(params, "up_attention", 0, 1);
  if (down.size() != channels.size() || up.size() != channels.size()) {
    throw Failure(ErrorCode::kInvalidArgument, "channels and attention are lists of different lengths",
                  "give one number for each level in all");
  }
  check_halvings(shape, channels.size());
  const int blocks = static_cast<int>(get_int(params, "blocks"));
  stem_channels_ = channels.front();
  embedding_ = 4 * stem_channels_;
  if (stem_channels_ % 2 != 0 || 2 * frequency_shift_ >= stem_channels_)
    throw Failure(ErrorCode::kInvalidArgument, "the first level's channels make no time embedding",
                  "use an even number of channels, above twice the frequency shift");

  const Place root(*this);
  stem_ = root.put("conv_in", Conv(shape.channels, stem_channels_, 3));
  time1_ = (root / "time_embedding").put("linear_1", Dense(stem_channels_, embedding_));
  time2_ = (root / "time_embedding").put("linear_2", Dense(embedding_, embedding_));
  if (shape.classes > 0) class_table_ = root.put("class_embedding", Table(shape.classes, embedding_))->weight;
  std::vector<int> skips{stem_channels_};
  build_down(root, channels, down, blocks, skips);
  const Place middle = root / "mid_block";
  const int smallest = channels.back();
  middle1_ = make_residual(middle / "resnets" / "0", smallest, smallest);
  middle2_ = make_residual(middle / "resnets" / "1", smallest, smallest);
  if (get_bool(params, "middle_attention")) middle_attention_ = make_attention(middle / "attentions" / "0", smallest);
  build_up(root, channels, up, blocks, skips);
  head_norm_ = root.put("conv_norm_out", GroupNorm(groups_, stem_channels_, eps_));
  head_ = root.put("conv_out", Conv(stem_channels_, shape.output_channels(), 3));
}

void Unet2d::build_down(const Place& root, const std::vector<int>& channels, const std::vector<int>& attention, int blocks,
                        std::vector<int>& skips) {
  int current = stem_channels_;
  for (std::size_t l = 0; l < channels.size(); ++l) {
    const Place place = root / "down_blocks" / l;
    Level level;
    for (std::size_t b = 0; b < static_cast<std::size_t>(blocks); ++b) {
      Stage stage{make_residual(place / "resnets" / b, current, channels[l]), {}};
      current = channels[l];
      if (attention[l] != 0) stage.attention = make_attention(place / "attentions" / b, current);
      level.stages.push_back(stage);
      skips.push_back(current);
    }
    if (l + 1 < channels.size()) {
      level.resize = (place / "downsamplers" / "0").put("conv", Conv(current, current, 3, 2));
      skips.push_back(current);
    }
    down_.push_back(level);
  }
}

void Unet2d::build_up(const Place& root, const std::vector<int>& channels, const std::vector<int>& attention, int blocks,
                      std::vector<int>& skips) {
  int current = channels.back();
  for (std::size_t k = 0; k < channels.size(); ++k) {
    const Place place = root / "up_blocks" / k;
    const int out = channels[channels.size() - 1 - k];
    Level level;
    for (std::size_t b = 0; b <= static_cast<std::size_t>(blocks); ++b) {
      Stage stage{make_residual(place / "resnets" / b, current + skips.back(), out), {}};
      skips.pop_back();
      current = out;
      if (attention[k] != 0) stage.attention = make_attention(place / "attentions" / b, current);
      level.stages.push_back(stage);
    }
    if (k + 1 < channels.size()) level.resize = (place / "upsamplers" / "0").put("conv", Conv(current, current, 3));
    up_.push_back(level);
  }
}

Unet2d::Residual Unet2d::make_residual(const Place& place, int in, int out) const {
  Residual block;
  block.norm1 = place.put("norm1", GroupNorm(groups_, in, eps_));
  block.conv1 = place.put("conv1", Conv(in, out, 3));
  block.time = place.put("time_emb_proj", Dense(embedding_, out));
  block.norm2 = place.put("norm2", GroupNorm(groups_, out, eps_));
  block.conv2 = place.put("conv2", Conv(out, out, 3));
  if (in != out) block.shortcut = place.put("conv_shortcut", Conv(in, out, 1));
  return block;
}

Unet2d::HeadedAttention Unet2d::make_attention(const Place& place, int channels) const {
  if (head_channels_ > channels || (head_channels_ > 0 && channels % head_channels_ != 0)) {
    throw Failure(ErrorCode::kUnsupported,
                  std::to_string(channels) + " channels cannot be shared by heads of " + std::to_string(head_channels_),
                  "choose another number of channels per head");
  }
  return {place.put("group_norm", GroupNorm(groups_, channels, eps_)),
          place.put("to_q", Dense(channels, channels)),
          place.put("to_k", Dense(channels, channels)),
          place.put("to_v", Dense(channels, channels)),
          (place / "to_out").put("0", Dense(channels, channels)),
          head_channels_ == 0 ? 1 : channels / head_channels_};
}

at::Tensor Unet2d::Residual::forward(const at::Tensor& x, const at::Tensor& embedding) {
  at::Tensor h = conv1(at::silu(norm1(x))) + time(embedding).unsqueeze(-1).unsqueeze(-1);
  h = conv2(at::silu(norm2(h)));
  return h + (shortcut.is_empty() ? x : shortcut(x));
}

at::Tensor Unet2d::HeadedAttention::forward(const at::Tensor& x) {
  const auto batch = x.size(0), channels = x.size(1), tokens = x.size(2) * x.size(3), head_channels = channels / heads;
  const at::Tensor pixels = norm(x).flatten(2).transpose(1, 2);  // [B, N, C]
  const auto by_head = [&](const at::Tensor& values) {
    return values.reshape({batch, tokens, heads, head_channels}).transpose(1, 2).reshape({batch * heads, tokens, head_channels});
  };
  const double scale = 1.0 / std::sqrt(static_cast<double>(head_channels));
  const at::Tensor weights = at::softmax(at::bmm(by_head(q(pixels)), by_head(k(pixels)).transpose(1, 2)) * scale, -1);
  if (auto* recorder = AttentionRecorder::current()) recorder->add(weights.reshape({batch, heads, tokens, tokens}), x);
  const at::Tensor attended = at::bmm(weights, by_head(v(pixels)))
                                  .reshape({batch, heads, tokens, head_channels})
                                  .transpose(1, 2)
                                  .reshape({batch, tokens, channels});
  return x + out(attended).transpose(1, 2).reshape(x.sizes());
}

at::Tensor Unet2d::Stage::forward(const at::Tensor& x, const at::Tensor& embedding) {
  const at::Tensor h = block.forward(x, embedding);
  return attention.norm.is_empty() ? h : attention.forward(h);
}

at::Tensor Unet2d::embedding(const at::Tensor& t, const at::Tensor& condition) {
  const int half = stem_channels_ / 2;
  const at::Tensor exponents = at::arange(half, t.options()) * (-std::log(10000.0) / (half - frequency_shift_));
  const at::Tensor angles = at::round(t * timesteps_).unsqueeze(1) * at::exp(exponents).unsqueeze(0);
  const at::Tensor sines = at::sin(angles), cosines = at::cos(angles);
  at::Tensor e = time2_(at::silu(time1_(cosine_first_ ? at::cat({cosines, sines}, 1) : at::cat({sines, cosines}, 1))));
  if (class_table_.defined()) e = e + at::matmul(condition, class_table_);
  return at::silu(e);
}

at::Tensor Unet2d::shrink(Conv& conv, const at::Tensor& x) const {
  if (!pad_end_only_) return conv(x);
  return at::conv2d(padded_for_tiling(x, 0, 1), conv->weight, conv->bias, at::IntArrayRef({2, 2}), at::IntArrayRef({0, 0}));
}

at::Tensor Unet2d::forward(const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition) {
  const at::Tensor e = embedding(t, condition);
  at::Tensor h = stem_(centre_input_ ? x * 2 - 1 : x);
  std::vector<at::Tensor> skips{h};
  for (auto& level : down_) {
    for (auto& stage : level.stages) skips.push_back(h = stage.forward(h, e));
    if (!level.resize.is_empty()) skips.push_back(h = shrink(level.resize, h));
  }
  h = middle1_.forward(h, e);
  if (!middle_attention_.norm.is_empty()) h = middle_attention_.forward(h);
  h = middle2_.forward(h, e);
  for (auto& level : up_) {
    for (auto& stage : level.stages) {
      h = stage.forward(at::cat({h, skips.back()}, 1), e);
      skips.pop_back();
    }
    if (!level.resize.is_empty()) h = level.resize(at::upsample_nearest2d(h, {h.size(2) * 2, h.size(3) * 2}));
  }
  return head_(at::silu(head_norm_(h)));
}

int Unet2d::Residual::add_to(NetworkGraph& graph, int x) const {
  const int inner = graph.convolve(*conv1, graph.normalise(*norm1, {.x = x, .activation = Activation::kSilu}));
  const int normed = graph.normalise(*norm2, {.x = inner, .activation = Activation::kSilu, .moved = graph.modulate(*time)});
  return graph.convolve(*conv2, normed, shortcut.is_empty() ? x : graph.convolve(*shortcut, x));
}

int Unet2d::HeadedAttention::add_to(NetworkGraph& graph, int x) const {
  const auto as_convolution = [&](const at::Tensor& weight, const at::Tensor& bias, int of, int added) {
    return graph.add(
        GraphConvolution{.x = of, .weight = weight.detach().unsqueeze(-1).unsqueeze(-1), .bias = bias.detach(), .added = added});
  };
  const int qkv = as_convolution(at::cat({q->weight, k->weight, v->weight}), at::cat({q->bias, k->bias, v->bias}),
                                 graph.normalise(*norm, {.x = x}), kNoValue);
  return as_convolution(out->weight, out->bias, graph.add(GraphAttention{qkv, heads}), x);
}

int Unet2d::Stage::add_to(NetworkGraph& graph, int x) const {
  const int h = block.add_to(graph, x);
  return attention.norm.is_empty() ? h : attention.add_to(graph, h);
}

NetworkGraph Unet2d::graph() const {
  NetworkGraph graph;
  int h = graph.convolve(*stem_, graph.add(centre_input_ ? GraphInput{2, -1} : GraphInput{}));
  std::vector<int> skips{h};
  for (const auto& level : down_) {
    for (const auto& stage : level.stages) skips.push_back(h = stage.add_to(graph, h));
    if (level.resize.is_empty()) continue;
    h = graph.convolve(*level.resize, h);
    if (pad_end_only_) std::get<GraphConvolution>(graph.operations.back()).padding = 0;
    skips.push_back(h);
  }
  h = middle1_.add_to(graph, h);
  if (!middle_attention_.norm.is_empty()) h = middle_attention_.add_to(graph, h);
  h = middle2_.add_to(graph, h);
  for (const auto& level : up_) {
    for (const auto& stage : level.stages) {
      h = stage.add_to(graph, graph.add(GraphConcat{{{h}, {skips.back()}}}));
      skips.pop_back();
    }
    if (!level.resize.is_empty()) h = graph.convolve(*level.resize, graph.add(GraphConcat{{{h, 2}}}));
  }
  graph.convolve(*head_, graph.normalise(*head_norm_, {.x = h, .activation = Activation::kSilu}));
  return graph;
}

const NetworkKind& unet2d_kind() {
  static const NetworkKind kind{"unet2d", "U-Net 2D", unet2d_params(),
                                [](const NetworkShape& shape, const ParamMap& params) -> std::shared_ptr<Network> {
                                  return std::make_shared<Unet2d>(shape, params);
                                },
                                [](const NetworkShape&, const ParamMap& params) {
                                  return fewest_weights(int_list(params, "level_channels", 4, 4096),
                                                        static_cast<int>(get_int(params, "blocks")));
                                }};
  return kind;
}

}  // namespace kiln
