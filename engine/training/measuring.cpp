#include "engine/training/measuring.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "engine/data/batches.h"
#include "engine/data/counter_random.h"

namespace kiln {
namespace {

constexpr std::size_t kMostSprites = 256;
constexpr std::size_t kFewestRows = 64;
constexpr std::uint64_t kSeed = 1;

// A fixed choice, evenly over the list.
std::vector<int> some_of(const std::vector<int>& members) {
  std::vector<int> chosen;
  const auto count = std::min(members.size(), kMostSprites);
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(members[i * members.size() / count]);
  for (std::size_t i = 0; chosen.size() < kFewestRows; ++i) chosen.push_back(chosen[i]);
  return chosen;
}

double mean_of(const std::vector<double>& values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

LossMeasurement::LossMeasurement(const Objective& objective, const SpriteSet& set, const Split& split, int channels,
                                 c10::Device device)
    : objective_(objective),
      validation_(kind_of(objective, set, split.validation, channels, device)),
      training_(kind_of(objective, set, split.train, channels, device)) {}

LossMeasurement::Kind LossMeasurement::kind_of(const Objective& objective, const SpriteSet& set, const std::vector<int>& members,
                                               int channels, c10::Device device) {
  if (members.empty()) return {};
  const std::vector<int> chosen = some_of(members);
  const at::Tensor classes = class_numbers(set, chosen);
  // Sprites come sorted by class; shuffle so that timesteps and classes do not go together.
  std::vector<std::pair<std::uint64_t, std::int64_t>> order;
  for (std::size_t i = 0; i < chosen.size(); ++i)
    order.emplace_back(CounterRandom(kSeed, 0, i).next(), static_cast<std::int64_t>(i));
  std::sort(order.begin(), order.end());
  std::vector<std::int64_t> shuffled;
  for (const auto& [key, i] : order) shuffled.push_back(i);
  const at::Tensor index = at::tensor(shuffled);
  const Example example =
      objective.fixed_example(sprites_tensor(set, chosen, channels).index({index}), classes.index({index}), kSeed);
  const at::Tensor t = example.t.cpu();
  return {example.on(device), std::vector<float>(t.data_ptr<float>(), t.data_ptr<float>() + t.numel()), {}};
}

bool LossMeasurement::advance(GradientWorkers& workers, std::int64_t rows) {
  bool more = false;
  for (Kind* kind : {&validation_, &training_}) {
    const auto all = static_cast<std::int64_t>(kind->time.size());
    if (const auto some = std::min(all - done_, rows); some > 0) {
      const at::Tensor losses = workers.evaluate(objective_, kind->example.rows(done_, some));
      kind->losses.insert(kind->losses.end(), losses.data_ptr<double>(), losses.data_ptr<double>() + losses.numel());
    }
    more = more || all > done_ + rows;
  }
  done_ += rows;
  return more;
}

void LossMeasurement::clear() {
  done_ = 0;
  validation_.losses.clear();
  training_.losses.clear();
}

double LossMeasurement::validation_loss() const { return mean_of(validation_.losses); }
double LossMeasurement::training_loss() const { return mean_of(training_.losses); }

std::vector<double> LossMeasurement::training_loss_by_noise(int bins) const {
  std::vector<std::vector<double>> binned(static_cast<std::size_t>(bins));
  for (std::size_t i = 0; i < training_.losses.size(); ++i) {
    const auto bin = std::clamp(static_cast<int>(training_.time[i] * static_cast<float>(bins)), 0, bins - 1);
    binned[static_cast<std::size_t>(bin)].push_back(training_.losses[i]);
  }
  std::vector<double> means;
  means.reserve(binned.size());
  for (const auto& bin : binned) means.push_back(mean_of(bin));
  return means;
}

}  // namespace kiln
