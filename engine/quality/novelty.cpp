#include "engine/quality/novelty.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/quality/visible_difference.h"

namespace kiln {
namespace {

constexpr int kMostMoved = 2;  // pixels
constexpr std::int64_t kCandidates = 8;

void write_premultiplied(const Image& image, float* out) {
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    const float alpha = static_cast<float>(image.rgba[i + 3]) / 255.0F;
    for (std::size_t c = 0; c < 3; ++c) *out++ = static_cast<float>(image.rgba[i + c]) / 255.0F * alpha;
    *out++ = alpha;
  }
}

at::Tensor premultiplied(const std::vector<const Image*>& images) {
  at::Tensor values = at::empty({static_cast<std::int64_t>(images.size()), static_cast<std::int64_t>(images.front()->rgba.size())});
  float* out = values.data_ptr<float>();
  for (const Image* image : images) {
    write_premultiplied(*image, out);
    out += image->rgba.size();
  }
  return values;
}

struct Variant {
  bool mirrored;
  int right, down;
};

// The least change first.
std::vector<Variant> all_variants() {
  std::vector<Variant> all;
  for (const bool mirrored : {false, true}) {
    for (int right = -kMostMoved; right <= kMostMoved; ++right) {
      for (int down = -kMostMoved; down <= kMostMoved; ++down) all.push_back({mirrored, right, down});
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Variant& a, const Variant& b) {
    return a.mirrored != b.mirrored ? b.mirrored : std::abs(a.right) + std::abs(a.down) < std::abs(b.right) + std::abs(b.down);
  });
  return all;
}

}  // namespace

Image moved_image(const Image& image, bool mirrored, int right, int down) {
  Image result(image.width, image.height);
  for (int y = std::max(0, down); y < std::min(image.height, image.height + down); ++y) {
    for (int x = std::max(0, right); x < std::min(image.width, image.width + right); ++x) {
      const int from = x - right;
      const auto* source = image.pixel(mirrored ? image.width - 1 - from : from, y - down);
      std::copy(source, source + 4, result.pixel(x, y));
    }
  }
  return result;
}

double pixel_distance(const Image& a, const Image& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.rgba.size(); i += 4) {
    const double first = a.rgba[i + 3], second = b.rgba[i + 3];
    for (std::size_t c = 0; c < 3; ++c) {
      const double difference = (a.rgba[i + c] * first - b.rgba[i + c] * second) / 255;
      sum += difference * difference;
    }
    sum += (first - second) * (first - second);
  }
  return a.rgba.empty() ? 0 : std::sqrt(sum / static_cast<double>(a.rgba.size()));
}

double differing_share(const Image& a, const Image& b) {
  int together = 0, different = 0;
  for (std::size_t i = 0; i < a.rgba.size(); i += 4) {
    const auto *p = a.rgba.data() + i, *q = b.rgba.data() + i;
    if (!is_opaque(p) && !is_opaque(q)) continue;
    ++together;
    different += is_opaque(p) != is_opaque(q) || differs_visibly(p, q);
  }
  return together == 0 ? 0 : static_cast<double>(different) / together;
}

NoveltySearch::NoveltySearch(const std::vector<const Image*>& training) : training_(training) {
  const at::Tensor rows = premultiplied(training);
  squares_ = rows.square().sum(1);
  values_ = rows.t().contiguous();
}

// Distances of all variants by one matrix product, which is quick but not exact; the nearest few are looked at again.
NearestMatch NoveltySearch::nearest(const Image& sample, std::optional<std::size_t> leaving_out) const {
  const at::NoGradGuard no_grad;
  static const std::vector<Variant> variants = all_variants();
  std::vector<Image> moved;
  std::vector<const Image*> pointers;
  moved.reserve(variants.size());
  pointers.reserve(variants.size());
  for (const auto& [mirrored, right, down] : variants) moved.push_back(moved_image(sample, mirrored, right, down));
  for (const auto& image : moved) pointers.push_back(&image);
  const at::Tensor rows = premultiplied(pointers);
  at::Tensor squared = rows.square().sum(1, true) + squares_ - 2 * at::mm(rows, values_);
  const auto columns = static_cast<std::int64_t>(training_.size());
  const auto others = columns - (leaving_out ? 1 : 0);
  if (leaving_out) squared.select(1, static_cast<std::int64_t>(*leaving_out)).fill_(std::numeric_limits<float>::infinity());
  const std::int64_t count = std::min(kCandidates, squared.size(0) * others);
  const at::Tensor nearest = std::get<1>(squared.flatten().topk(count, 0, false));
  // By place, so that of equal distances the least change wins.
  const at::Tensor candidates = std::get<0>(nearest.sort());

  NearestMatch best{0, std::numeric_limits<double>::infinity(), 1, false, 0, 0};
  for (std::int64_t i = 0; i < count; ++i) {
    const auto place = candidates[i].item<std::int64_t>();
    const auto variant = static_cast<std::size_t>(place / columns), index = static_cast<std::size_t>(place % columns);
    const double distance = pixel_distance(moved[variant], *training_[index]);
    best.differing = std::min(best.differing, differing_share(moved[variant], *training_[index]));
    if (distance >= best.distance) continue;
    const auto& [mirrored, right, down] = variants[variant];
    best = {index, distance, best.differing, mirrored, right, down};
  }
  return best;
}

}  // namespace kiln
