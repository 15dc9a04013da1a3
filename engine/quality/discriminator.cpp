#include "engine/quality/discriminator.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>

#include "engine/data/counter_random.h"
#include "engine/quality/parallel.h"
#include "engine/quality/pictures.h"

namespace kiln {
namespace {

constexpr int kEpochs = 16, kFewestSteps = 60, kMostSteps = 1000;
constexpr double kFullScale = 2.0 / 127.5;  // a difference of two grey levels, and any larger one

struct Question {
  at::Tensor pictures;  // [N, 12, H, W]
  at::Tensor labels;    // [N] int64
};

Question question_of(const at::Tensor& pictures, const at::Tensor& labels, const std::vector<std::int64_t>& members) {
  const at::Tensor places = at::tensor(members, at::kLong);
  return {pictures.index_select(0, places), labels.index_select(0, places)};
}

// A group's fold depends on its side, its number and the seed alone.
int fold_of(std::uint64_t seed, std::uint64_t side, int group, int folds) {
  return static_cast<int>(
      CounterRandom(seed, 0xF01D + side, static_cast<std::uint64_t>(group)).below(static_cast<std::uint64_t>(folds)));
}

double balanced_accuracy(const at::Tensor& logits, const at::Tensor& labels) {
  const at::Tensor right = (logits.argmax(1) == labels).to(at::kDouble);
  double sum = 0;
  for (const int side : {0, 1}) sum += right.masked_select(labels == side).mean().item<double>();
  return sum / 2;
}

}  // namespace

struct Discriminator::Fold {
  Question training, asked;
  ConvNet net;
  ConvNetTraining work;
  double accuracy = 0;

  Fold(Question for_training, Question to_ask, const ConvNetTrainingOptions& options)
      : training(std::move(for_training)),
        asked(std::move(to_ask)),
        net({12, {16, 32}, 2}, options.seed),
        work(net, training.pictures, training.labels, options) {}

  bool step() {
    if (work.step()) return true;
    accuracy = balanced_accuracy(answers_of(net, asked.pictures).logits, asked.labels);
    return false;
  }
};

at::Tensor with_differences(const at::Tensor& pictures) {
  at::Tensor all = at::zeros({pictures.size(0), 12, pictures.size(2), pictures.size(3)});
  all.narrow(1, 0, 4).copy_(pictures);
  const auto add = [&](std::int64_t place, std::int64_t dim) {
    const std::int64_t count = pictures.size(dim) - 1;
    all.narrow(1, place, 4)
        .narrow(dim, 0, count)
        .copy_(((pictures.narrow(dim, 1, count) - pictures.narrow(dim, 0, count)) / kFullScale).clamp(-1, 1));
  };
  add(4, 3);
  add(8, 2);
  return all;
}

Discriminator::Discriminator(const Side& a, const Side& b, int folds, std::uint64_t seed, int threads) : threads_(threads) {
  const at::Tensor pictures = with_differences(at::cat({pictures_of(a.images), pictures_of(b.images)}));
  const auto first = static_cast<std::int64_t>(a.images.size());
  const at::Tensor labels = at::ones({pictures.size(0)}, at::kLong);
  labels.narrow(0, 0, first).zero_();
  for (int f = 0; f < folds; ++f) {
    std::vector<std::int64_t> training, asked;
    std::array<std::size_t, 2> trained_on{}, asked_about{};
    for (std::int64_t i = 0; i < pictures.size(0); ++i) {
      const std::size_t side = i < first ? 0 : 1;
      const int group = side == 0 ? a.groups[static_cast<std::size_t>(i)] : b.groups[static_cast<std::size_t>(i - first)];
      const bool here = fold_of(seed, side, group, folds) == f;
      ++(here ? asked_about : trained_on)[side];
      (here ? asked : training).push_back(i);
    }
    if (std::min({trained_on[0], trained_on[1], asked_about[0], asked_about[1]}) == 0) continue;
    ConvNetTrainingOptions options;
    options.steps = std::clamp(kEpochs * static_cast<int>(training.size()) / options.batch, kFewestSteps, kMostSteps);
    options.seed = CounterRandom(seed, 0xD15C, static_cast<std::uint64_t>(f)).next();
    steps_ = std::max(steps_, options.steps);
    folds_.push_back(
        std::make_unique<Fold>(question_of(pictures, labels, training), question_of(pictures, labels, asked), options));
  }
}

Discriminator::~Discriminator() = default;

bool Discriminator::step() {
  std::vector<char> more(folds_.size());
  in_parallel(static_cast<int>(folds_.size()), threads_, [&](int i) {
    const auto place = static_cast<std::size_t>(i);
    Fold& fold = *folds_[place];
    more[place] = fold.work.done() < fold.work.total() && fold.step();
  });
  ++done_;
  return std::find(more.begin(), more.end(), 1) != more.end();
}

std::vector<double> Discriminator::accuracies() const {
  std::vector<double> all;
  for (const auto& fold : folds_) all.push_back(fold->accuracy);
  return all;
}

}  // namespace kiln
