#include "engine/network/networks/kiln_unet.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/network/networks/param_lists.h"

namespace kiln {
namespace {

constexpr std::size_t kMostLevels = 6;

std::vector<ParamSpec> kiln_unet_params() {
  return {
      {.id = "width",
       .label = "Width",
       .unit = "channels",
       .fallback = 64,
       .min = 16,
       .max = 512,
       .help = "Channels at full size; the cost grows with its square"},
      {.id = "multipliers",
       .label = "Multipliers",
       .fallback = "1,1.5,2",
       .help = "Width of each level, full size first; each level is half as large"},
      {.id = "blocks",
       .label = "Blocks per level",
       .fallback = 2,
       .min = 1,
       .max = 8,
       .help = "Residual blocks on each level, down and up"},
      {.id = "attention",
       .label = "Attention up to",
       .unit = "pixels",
       .fallback = 8,
       .max = 64,
       .help = "Levels of at most this side get self-attention; 0 for none"},
      {.id = "head_channels",
       .label = "Channels per head",
       .fallback = 32,
       .min = 8,
       .max = 128,
       .help = "Width of one attention head"},
      {.id = "group_channels",
       .label = "Channels per group",
       .fallback = 16,
       .min = 1,
       .max = 64,
       .help = "Channels that are normalised together"},
      {.id = "embedding",
       .label = "Embedding",
       .unit = "channels",
       .fallback = 192,
       .min = 32,
       .max = 2048,
       .help = "Width of the time and class embedding"},
      {.id = "dropout",
       .label = "Dropout",
       .fallback = 0.1,
       .max = 0.9,
       .help = "Share of activations dropped in training, against learning by heart"},
  };
}

Failure unfitting(const NetworkShape& shape, std::size_t levels) {
  return Failure(ErrorCode::kInvalidArgument,
                 std::to_string(shape.width) + "×" + std::to_string(shape.height) + " sprites cannot be halved " +
                     std::to_string(levels - 1) + " times",
                 "use fewer multipliers, or pad the sprites, as with --pad " + padded_size(shape, 1 << (levels - 1)));
}

// Channels of each level, rounded to whole groups and heads.
std::vector<int> level_channels(const NetworkShape& shape, const ParamMap& params) {
  const auto group = get_int(params, "group_channels"), head = get_int(params, "head_channels"), width = get_int(params, "width");
  const int multiple = static_cast<int>(std::max(group, head));
  if (multiple % std::min(group, head) != 0) {
    throw Failure(ErrorCode::kInvalidArgument, "channels per group and per head do not divide each other", "use powers of two");
  }
  const std::string& multipliers = get_text(params, "multipliers");
  const auto parts = split(multipliers, ',');
  if (parts.size() > kMostLevels) {
    throw Failure(ErrorCode::kInvalidArgument, "a network cannot have " + std::to_string(parts.size()) + " levels",
                  "give at most " + std::to_string(kMostLevels) + " multipliers");
  }
  std::vector<int> channels;
  for (const auto& part : parts) {
    const auto factor = parse_real(trimmed(part));
    if (!factor || *factor <= 0 || *factor > 64) {
      throw Failure(ErrorCode::kInvalidArgument, "the multipliers “" + multipliers + "” are not a list of numbers",
                    "write them as 1,1.5,2");
    }
    channels.push_back(std::max(1, static_cast<int>(std::lround(static_cast<double>(width) * *factor / multiple))) * multiple);
  }
  const int deepest = 1 << (channels.size() - 1);
  if (shape.width % deepest != 0 || shape.height % deepest != 0) throw unfitting(shape, channels.size());
  return channels;
}

// The convolutions and modulations that do not depend on a neighbouring level, and the tables: about half of all.
double fewest_parameters(const NetworkShape& shape, const ParamMap& params) {
  const auto channels = level_channels(shape, params);
  const auto embedding = static_cast<double>(get_int(params, "embedding")), blocks = static_cast<double>(get_int(params, "blocks"));
  double count = (shape.classes + 1 + embedding) * embedding;
  for (const double c : channels) count += blocks * (3 * 9 * c * c + 2 * 2 * embedding * c);
  const double last = channels.back();
  return count + 4 * 9 * last * last + 2 * 2 * embedding * last;
}

int normalise(NetworkGraph& graph, const NormImpl& norm, int x, Activation activation, std::int64_t scale_shift = kNoModulation) {
  return graph.add(GraphNorm{.x = x,
                             .groups = norm.groups,
                             .eps = kNormEps,
                             .weight = norm.weight.detach(),
                             .bias = norm.bias.detach(),
                             .activation = activation,
                             .scale_shift = scale_shift});
}

int add_block(NetworkGraph& graph, const ResBlockImpl& block, int x) {
  const int inner = graph.convolve(*block.conv1, normalise(graph, *block.norm1, x, Activation::kSilu));
  const int normed = normalise(graph, *block.norm2, inner, Activation::kSilu, graph.modulate(*block.modulation));
  return graph.convolve(*block.conv2, normed, block.shortcut.is_empty() ? x : graph.convolve(*block.shortcut, x));
}

int add_stage(NetworkGraph& graph, const KilnUnet::Stage& stage, int x) {
  const int h = add_block(graph, *stage.block, x);
  if (stage.attention.is_empty()) return h;
  const AttentionImpl& attention = *stage.attention;
  const int qkv = graph.convolve(*attention.qkv, normalise(graph, *attention.norm, h, Activation::kNone));
  return graph.convolve(*attention.project, graph.add(GraphAttention{qkv, attention.heads}), h);
}

}  // namespace

KilnUnet::KilnUnet(const NetworkShape& shape, const ParamMap& params)
    : Network("KilnUnet"),
      width_(static_cast<int>(get_int(params, "width"))),
      embedding_channels_(static_cast<int>(get_int(params, "embedding"))),
      group_channels_(static_cast<int>(get_int(params, "group_channels"))),
      head_channels_(static_cast<int>(get_int(params, "head_channels"))),
      attention_side_(static_cast<int>(get_int(params, "attention"))),
      dropout_(get_real(params, "dropout")) {
  const auto channels = level_channels(shape, params);
  const int blocks = static_cast<int>(get_int(params, "blocks"));

  time1 = register_module("time1", Dense(2 * (width_ / 2), embedding_channels_));
  time2 = register_module("time2", Dense(embedding_channels_, embedding_channels_));
  class_table = register_parameter("class_table", at::randn({shape.classes + 1, embedding_channels_}) * 0.5);
  if (shape.frames > 0) frame_table = register_parameter("frame_table", at::randn({shape.frames, embedding_channels_}) * 0.5);
  if (shape.labels > 0) label_table = register_parameter("label_table", at::zeros({shape.labels, embedding_channels_}));

  if (shape.distilled) told = register_module("told", Dense(2 * 2 * (width_ / 2), embedding_channels_, Init::kZero));

  stem = register_module("stem", Conv(shape.channels, channels[0], 3));
  levels.resize(channels.size());
  std::vector<int> skips;
  int current = channels[0];
  for (std::size_t l = 0; l < channels.size(); ++l) {
    const int side = std::max(shape.width, shape.height) >> l;
    const std::string prefix = "down" + std::to_string(l);
    for (int b = 0; b < blocks; ++b) {
      levels[l].down.push_back(make_stage(prefix + "_" + std::to_string(b), current, channels[l], side));
      current = channels[l];
      skips.push_back(current);
    }
    if (l + 1 < channels.size()) levels[l].shrink = register_module(prefix + "_shrink", Conv(current, current, 3, 2));
  }
  const int smallest = std::max(shape.width, shape.height) >> (channels.size() - 1);
  middle = make_stage("middle", current, current, smallest);
  middle_end = register_module("middle_end",
                               ResBlock(ResBlockImpl::Options{current, current, embedding_channels_, group_channels_, dropout_}));
  for (std::size_t l = channels.size(); l-- > 0;) {
    const int side = std::max(shape.width, shape.height) >> l;
    for (int b = 0; b < blocks; ++b) {
      const int in = current + skips.back();
      skips.pop_back();
      levels[l].up.push_back(make_stage("up" + std::to_string(l) + "_" + std::to_string(b), in, channels[l], side));
      current = channels[l];
    }
  }
  head_norm = register_module("head_norm", Norm(current, group_channels_));
  head = register_module("head", Conv(current, shape.output_channels(), 3, 1, Init::kZero));
}

KilnUnet::Stage KilnUnet::make_stage(const std::string& name, int in, int out, int side) {
  Stage stage;
  stage.block = register_module(name, ResBlock(ResBlockImpl::Options{in, out, embedding_channels_, group_channels_, dropout_}));
  if (side <= attention_side_)
    stage.attention = register_module(name + "_attention", Attention(out, head_channels_, group_channels_));
  return stage;
}

at::Tensor KilnUnet::Stage::forward(const at::Tensor& x, const at::Tensor& embedding) {
  const at::Tensor h = block(x, embedding);
  return attention.is_empty() ? h : attention(h);
}

at::Tensor KilnUnet::embedding(const at::Tensor& t, const at::Tensor& condition) {
  const std::int64_t classes_end = class_table.size(0) - 1, count = classes_end + (frame_table.defined() ? frame_table.size(0) : 0),
                     more = condition.size(1) - count;
  const at::Tensor classes = with_null_weight(condition.narrow(1, 0, classes_end));  // [B, K + 1]
  const at::Tensor time = time2(at::silu(time1(sinusoidal_embedding(t, 2 * (width_ / 2)))));
  at::Tensor sum = time + at::matmul(classes, class_table);
  if (frame_table.defined()) sum = sum + at::matmul(condition.narrow(1, classes_end, count - classes_end), frame_table);
  if (!told.is_empty()) {
    const at::Tensor numbers = more > 0 ? condition.narrow(1, count, 2) : at::ones({t.size(0), 2}, t.options());
    const auto sinusoids = [&](int which) {  // angles of at most the number itself: smooth in it
      return sinusoidal_embedding(numbers.select(1, which) / 1000, 2 * (width_ / 2));
    };
    sum = sum + told(at::cat({sinusoids(0), sinusoids(1)}, 1));
  } else if (more > 0) {
    sum = sum + at::matmul(condition.narrow(1, count, more), label_table);
  }
  return at::silu(sum);
}

at::Tensor KilnUnet::forward(const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition) {
  const at::Tensor e = embedding(t, condition);
  at::Tensor h = stem(x.to(compute_type()).contiguous(at::MemoryFormat::ChannelsLast));
  std::vector<at::Tensor> skips;
  for (auto& level : levels) {
    for (auto& stage : level.down) skips.push_back(h = stage.forward(h, e));
    if (!level.shrink.is_empty()) h = level.shrink(h);
  }
  h = middle_end(middle.forward(h, e), e);
  for (std::size_t l = levels.size(); l-- > 0;) {
    for (auto& stage : levels[l].up) {
      h = stage.forward(at::cat({h, skips.back()}, 1), e);
      skips.pop_back();
    }
    if (l > 0) h = at::upsample_nearest2d(h, {h.size(2) * 2, h.size(3) * 2});
  }
  return head(head_norm(h, at::Tensor(), true)).to(at::kFloat);
}

NetworkGraph KilnUnet::graph() const {
  NetworkGraph graph;
  int h = graph.convolve(*stem, graph.add(GraphInput{}));
  std::vector<int> skips;
  for (const auto& level : levels) {
    for (const auto& stage : level.down) skips.push_back(h = add_stage(graph, stage, h));
    if (!level.shrink.is_empty()) h = graph.convolve(*level.shrink, h);
  }
  h = add_block(graph, *middle_end, add_stage(graph, middle, h));
  for (std::size_t l = levels.size(); l-- > 0;) {
    int zoom = l + 1 < levels.size() ? 2 : 1;  // of the level below
    for (const auto& stage : levels[l].up) {
      h = add_stage(graph, stage, graph.add(GraphConcat{{{h, zoom}, {skips.back()}}}));
      skips.pop_back();
      zoom = 1;
    }
  }
  graph.convolve(*head, normalise(graph, *head_norm, h, Activation::kSilu));
  return graph;
}

const NetworkKind& kiln_unet_kind() {
  static const NetworkKind kind{"kiln_unet",
                                "Kiln U-Net",
                                kiln_unet_params(),
                                [](const NetworkShape& shape, const ParamMap& params) -> std::shared_ptr<Network> {
                                  return std::make_shared<KilnUnet>(shape, params);
                                },
                                fewest_parameters,
                                true,
                                true,
                                true};
  return kind;
}

}  // namespace kiln
