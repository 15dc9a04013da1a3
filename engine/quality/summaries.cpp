#include "engine/quality/summaries.h"

#include <algorithm>
#include <cmath>

namespace kiln {
namespace {

template <class Sprite, class Value>
std::vector<double> each(const std::vector<Sprite>& sprites, Value value) {
  std::vector<double> values;
  for (const auto& sprite : sprites) values.push_back(static_cast<double>(value(sprite)));
  return values;
}

template <class Sprite, class Value>
double mean_of(const std::vector<Sprite>& sprites, Value value) {
  Measured all;
  all.add(each(sprites, value));
  return all.mean();
}

template <class Sprite, class Test>
std::int64_t add_share(const std::vector<Sprite>& sprites, Test test, Measured& share) {
  const auto count = std::count_if(sprites.begin(), sprites.end(), test);
  if (!sprites.empty()) share.add(static_cast<double>(count) / static_cast<double>(sprites.size()));
  return count;
}

}  // namespace

double quantile(std::vector<double> values, double at) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  const double place = at * static_cast<double>(values.size() - 1), below = std::floor(place);
  const auto i = static_cast<std::size_t>(below);
  return values[i] + (place - below) * (values[std::min(i + 1, values.size() - 1)] - values[i]);
}

void add_pixels(const std::vector<PixelStatistics>& sprites, const std::vector<double>& data_colours, PixelSummary& summary) {
  using Sprite = PixelStatistics;
  const auto colours = each(sprites, [](const Sprite& s) { return s.colours; });
  summary.colours.add(quantile(colours, 0.5));
  summary.colour_distance.add(wasserstein_distance(colours, data_colours));
  summary.entropy.add(mean_of(sprites, [](const Sprite& s) { return s.entropy; }));
  summary.off_palette.add(mean_of(sprites, [](const Sprite& s) { return s.off_palette; }));
  summary.half_transparent.add(mean_of(sprites, [](const Sprite& s) { return s.half_transparent; }));
  summary.spots.add(mean_of(sprites, [](const Sprite& s) { return s.spots; }));
  summary.strays.add(mean_of(sprites, [](const Sprite& s) { return s.strays; }));
  summary.outline.add(mean_of(sprites, [](const Sprite& s) { return s.outline; }));
  add_share(
      sprites, [](const Sprite& s) { return s.symmetric; }, summary.symmetric);
}

bool is_suspect(const NearestMatch& match, double threshold) {
  return match.distance == 0 || match.distance < threshold || match.is_near_copy();
}

void add_novelty(const std::vector<NearestMatch>& matches, double threshold, NoveltySummary& summary) {
  using Match = NearestMatch;
  const auto distances = each(matches, [](const Match& m) { return m.distance; });
  summary.distance.add(quantile(distances, 0.5));
  summary.differing.add(quantile(each(matches, [](const Match& m) { return m.differing; }), 0.5));
  summary.fifth_percentile.add(quantile(distances, 0.05));
  summary.exact_count += add_share(
      matches, [](const Match& m) { return m.distance == 0; }, summary.exact);
  summary.near_count += add_share(
      matches, [](const Match& m) { return m.is_near_copy(); }, summary.near);
  summary.suspected_count += add_share(
      matches, [&](const Match& m) { return m.distance < threshold; }, summary.suspected);
}

}  // namespace kiln
