#include "app/state/training_run.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <utility>

namespace kiln {
namespace {

std::size_t bytes_of(const SampleHistory::Snapshot& snapshot) {
  std::size_t bytes = sizeof snapshot;
  for (const Image& image : snapshot.strip.sprites) bytes += image.rgba.size();
  for (const Image& image : snapshot.neighbours) bytes += image.rgba.size();
  for (const Neighbour& neighbour : snapshot.strip.neighbours) bytes += neighbour.file.size() + sizeof neighbour;
  return bytes;
}

// Takes the neighbours' pictures out of the strip.
std::vector<Image> take_neighbours(SampleStrip& strip) {
  std::vector<Image> images;
  if (strip.sprites.empty()) return images;
  const int width = strip.sprites.front().width, height = strip.sprites.front().height;
  for (Neighbour& neighbour : strip.neighbours) {
    const bool fits = neighbour.image.width == width && neighbour.image.height == height;
    images.push_back(fits ? std::move(neighbour.image) : Image(width, height));
    neighbour.image = {};
  }
  return images;
}

// What was told of other processes than these is no longer true.
void add_processes(const TrainMetrics& metrics, TrainMetrics& newest) {
  if (std::exchange(newest.world_size, metrics.world_size) != metrics.world_size) {
    newest.rank_images_per_s.clear();
    newest.hosts.clear();
  }
  if (!metrics.rank_images_per_s.empty()) newest.rank_images_per_s = metrics.rank_images_per_s;
  if (!metrics.hosts.empty()) newest.hosts = metrics.hosts;
}

std::uint64_t next_snapshot_id() {
  static std::uint64_t last = 0;
  return ++last;
}

}  // namespace

void TrainingHistory::add(const TrainMetrics& metrics) {
  for (std::size_t i = 0; i < series.size(); ++i)
    series[i].add(static_cast<double>(metrics.step), metrics.*train_metrics()[i].value);
  if (!metrics.loss_by_noise.empty()) {
    if (by_noise_first.size() != metrics.loss_by_noise.size()) by_noise_first = metrics.loss_by_noise;
    by_noise = metrics.loss_by_noise;
  }
  if (!newest) newest.emplace();
  newest->step = metrics.step;
  newest->total = metrics.total;
  add_processes(metrics, *newest);
  for (const MetricInfo& info : train_metrics()) {
    if (!std::isnan(metrics.*info.value)) (*newest).*info.value = metrics.*info.value;
  }
}

const Series& TrainingHistory::of(double TrainMetrics::*metric) const {
  const auto& all = train_metrics();
  const auto found = std::find_if(all.begin(), all.end(), [&](const MetricInfo& info) { return info.value == metric; });
  return series.at(static_cast<std::size_t>(found - all.begin()));
}

void SampleHistory::add(SampleStrip strip) {
  while (!snapshots_.empty() && snapshots_.back().strip.step >= strip.step) {
    bytes_ -= bytes_of(snapshots_.back());
    snapshots_.pop_back();
  }
  Snapshot snapshot{next_snapshot_id(), std::move(strip), {}};
  snapshot.neighbours = take_neighbours(snapshot.strip);
  bytes_ += bytes_of(snapshot);
  snapshots_.push_back(std::move(snapshot));
  while (snapshots_.size() > 3 && (snapshots_.size() > kMostSnapshots || bytes_ > kMostBytes)) thin_out();
}

// The first and the last stay.
void SampleHistory::thin_out() {
  std::vector<Snapshot> kept;
  bytes_ = 0;
  for (std::size_t i = 0; i < snapshots_.size(); ++i) {
    if (i % 2 != 0 && i + 1 != snapshots_.size()) continue;
    bytes_ += bytes_of(snapshots_[i]);
    kept.push_back(std::move(snapshots_[i]));
  }
  snapshots_ = std::move(kept);
}

const SampleHistory::Snapshot& SampleHistory::nearest(std::int64_t step) const {
  return *std::min_element(snapshots_.begin(), snapshots_.end(), [&](const Snapshot& a, const Snapshot& b) {
    return std::llabs(a.strip.step - step) < std::llabs(b.strip.step - step);
  });
}

TrainingRun run_from(RunOpened&& opened) {
  TrainingRun run;
  run.path = opened.info.path;
  run.name = opened.info.name;
  run.model = opened.info.model;
  run.data = opened.info.data;
  run.state = opened.info.state;
  run.step = opened.info.step;
  run.total = opened.info.total;
  run.writable = opened.info.writable;
  run.recipe = std::move(opened.recipe);
  for (const TrainMetrics& metrics : opened.metrics) run.history.add(metrics);
  for (SampleStrip& strip : opened.strips) run.strips.add(std::move(strip));
  return run;
}

std::string run_name(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).lexically_normal();
  return (folder.has_filename() ? folder : folder.parent_path()).filename().string();
}

}  // namespace kiln
