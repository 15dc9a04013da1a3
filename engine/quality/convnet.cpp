#include "engine/quality/convnet.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>
#include <torch/optim/adamw.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/quality/shuffled.h"

namespace kiln {
namespace {

constexpr double kNormMomentum = 0.1, kNormEps = 1e-5;
constexpr std::int64_t kPicturesAtOnce = 256;
constexpr double kTransparent = -1;  // colour and alpha of what is outside a sprite

// One cycle: linear warm-up over a tenth of the steps, then a cosine to nothing.
double learning_rate_share(int step, int steps) {
  const double at = static_cast<double>(step) / steps;
  return at < 0.1 ? (at + 1.0 / steps) / 0.1 : 0.5 * (1 + std::cos(std::numbers::pi * (at - 0.1) / 0.9));
}

}  // namespace

ConvNet::ConvNet(const ConvNetShape& shape, std::uint64_t seed) {
  const at::Generator random = at::detail::createCPUGenerator(seed);
  const auto parameter = [&](at::Tensor tensor) { return parameters_.emplace_back(tensor.set_requires_grad(true)); };
  int in = shape.in;
  for (const int width : shape.widths) {
    for (int i = 0; i < 2; ++i, in = width) {  // He et al. 2015
      const double scale = std::sqrt(2.0 / (9 * in));
      layers_.push_back({parameter(at::randn({width, in, 3, 3}, random, at::kFloat).mul_(scale)), parameter(at::ones({width})),
                         parameter(at::zeros({width})), at::zeros({width}), at::ones({width})});
    }
  }
  weight_ = parameter(at::randn({shape.classes, in}, random, at::kFloat).mul_(std::sqrt(1.0 / in)));
  bias_ = parameter(at::zeros({shape.classes}));
}

at::Tensor ConvNet::features(const at::Tensor& x, bool training) {
  at::Tensor h = x.contiguous(at::MemoryFormat::ChannelsLast);  // twice as fast
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    if (i > 0 && i % 2 == 0) h = at::max_pool2d(h, {2, 2}, {2, 2}, 0, 1, true);
    h = at::conv2d(h, layer.weight, {}, 1, 1);
    h = at::relu(at::batch_norm(h, layer.scale, layer.shift, layer.mean, layer.variance, training, kNormMomentum, kNormEps, false));
  }
  return h.mean({2, 3});
}

at::Tensor ConvNet::logits(const at::Tensor& features) const { return at::linear(features, weight_, bias_); }

std::map<std::string, at::Tensor> ConvNet::named_tensors() const {
  std::map<std::string, at::Tensor> named = {{"linear.weight", weight_}, {"linear.bias", bias_}};
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const std::string name = "layers." + std::to_string(i) + ".";
    named[name + "weight"] = layers_[i].weight;
    named[name + "scale"] = layers_[i].scale;
    named[name + "shift"] = layers_[i].shift;
    named[name + "mean"] = layers_[i].mean;
    named[name + "variance"] = layers_[i].variance;
  }
  return named;
}

struct ConvNetTraining::Optimiser {
  torch::optim::AdamW adamw;

  Optimiser(const std::vector<at::Tensor>& parameters, const ConvNetTrainingOptions& options)
      : adamw(parameters, torch::optim::AdamWOptions(options.learning_rate).weight_decay(options.weight_decay)) {}
};

ConvNetTraining::ConvNetTraining(ConvNet& net, at::Tensor pictures, at::Tensor labels, const ConvNetTrainingOptions& options)
    : net_(net),
      pictures_(std::move(pictures)),
      labels_(std::move(labels)),
      options_(options),
      optimiser_(std::make_unique<Optimiser>(net.parameters(), options)) {}

ConvNetTraining::~ConvNetTraining() = default;

at::Tensor moved(const at::Tensor& x, std::int64_t right, std::int64_t down, double fill) {
  const std::int64_t height = x.size(2), width = x.size(3);
  if (std::abs(right) >= width || std::abs(down) >= height) return at::full_like(x, fill);
  at::Tensor result = at::full_like(x, fill);
  const auto part = [&](const at::Tensor& from, std::int64_t dx, std::int64_t dy) {
    return from.narrow(2, std::max<std::int64_t>(dy, 0), height - std::abs(dy))
        .narrow(3, std::max<std::int64_t>(dx, 0), width - std::abs(dx));
  };
  part(result, right, down).copy_(part(x, -right, -down));
  return result;
}

at::Tensor ConvNetTraining::next_pictures(const std::vector<std::int64_t>& members) const {
  at::Tensor batch = pictures_.index_select(0, at::tensor(members));
  CounterRandom random(options_.seed, 0xA6, static_cast<std::uint64_t>(done_));
  const auto range = 2 * static_cast<std::uint64_t>(options_.shift) + 1;
  for (std::int64_t i = 0; i < batch.size(0); ++i) {
    at::Tensor picture = batch.narrow(0, i, 1);
    const bool mirrored = options_.mirror && random.below(2) == 1;
    const auto right = static_cast<std::int64_t>(random.below(range)) - options_.shift;
    const auto down = static_cast<std::int64_t>(random.below(range)) - options_.shift;
    if (mirrored) picture.copy_(picture.flip({3}));
    if (right != 0 || down != 0) picture.copy_(moved(picture, right, down, kTransparent));
  }
  return batch;
}

bool ConvNetTraining::step() {
  if (done_ >= options_.steps) return false;
  std::vector<std::int64_t> members;
  const std::int64_t size = std::min<std::int64_t>(options_.batch, pictures_.size(0));
  while (static_cast<std::int64_t>(members.size()) < size) {
    if (order_.empty()) order_ = shuffled(pictures_.size(0), options_.seed, pass_++);
    members.push_back(order_.back());
    order_.pop_back();
  }
  const at::AutoGradMode with_gradient(true);
  auto& adamw = optimiser_->adamw;
  for (auto& group : adamw.param_groups()) {
    static_cast<torch::optim::AdamWOptions&>(group.options())
        .lr(options_.learning_rate * learning_rate_share(done_, options_.steps));
  }
  adamw.zero_grad();
  const at::Tensor logits = net_.logits(net_.features(next_pictures(members), true));
  const at::Tensor wanted = labels_.index_select(0, at::tensor(members));
  at::cross_entropy_loss(logits, wanted, {}, at::Reduction::Mean, -100, options_.label_smoothing).backward();
  adamw.step();
  return ++done_ < options_.steps;
}

ConvNetAnswers answers_of(ConvNet& net, const at::Tensor& pictures) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> features, logits;
  for (std::int64_t first = 0; first < pictures.size(0); first += kPicturesAtOnce) {
    const std::int64_t count = std::min(kPicturesAtOnce, pictures.size(0) - first);
    features.push_back(net.features(pictures.narrow(0, first, count), false));
    logits.push_back(net.logits(features.back()));
  }
  return {at::cat(features), at::cat(logits)};
}

}  // namespace kiln
