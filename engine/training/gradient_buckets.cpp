#include "engine/training/gradient_buckets.h"

#include <numeric>
#include <utility>

namespace kiln {

GradientBuckets::GradientBuckets(const std::vector<std::int64_t>& sizes, std::int64_t bucket_size, Give give)
    : bucket_of_(sizes.size()), give_(std::move(give)) {
  std::int64_t end = std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0});
  for (std::size_t parameter = sizes.size(); parameter-- > 0;) {
    if (buckets_.empty() || buckets_.back().count >= bucket_size) buckets_.push_back({end, 0, 0, 0});
    Bucket& bucket = buckets_.back();
    end -= sizes[parameter];
    bucket.first = end;
    bucket.count += sizes[parameter];
    ++bucket.parameters;
    bucket_of_[parameter] = buckets_.size() - 1;
  }
}

void GradientBuckets::begin(int workers) {
  const std::lock_guard lock(mutex_);
  found_.assign(static_cast<std::size_t>(workers), std::vector<bool>(bucket_of_.size(), false));
  for (Bucket& bucket : buckets_) bucket.missing = bucket.parameters * static_cast<std::size_t>(workers);
}

void GradientBuckets::found(int worker, std::size_t parameter) {
  const std::lock_guard lock(mutex_);
  if (found_.empty()) return;
  mark(worker, parameter);
  give_found();
}

void GradientBuckets::found_all(int worker) {
  const std::lock_guard lock(mutex_);
  if (found_.empty()) return;
  for (std::size_t parameter = 0; parameter < bucket_of_.size(); ++parameter) mark(worker, parameter);
  give_found();
}

void GradientBuckets::mark(int worker, std::size_t parameter) {
  auto&& found = found_[static_cast<std::size_t>(worker)][parameter];
  if (found) return;
  found = true;
  --buckets_[bucket_of_[parameter]].missing;
}

void GradientBuckets::give_found() {
  while (given_ < buckets_.size() && buckets_[given_].missing == 0) {
    const Bucket& bucket = buckets_[given_++];
    give_(bucket.first, bucket.count);
  }
}

void GradientBuckets::finish() {
  {
    const std::lock_guard lock(mutex_);
    for (Bucket& bucket : buckets_) bucket.missing = 0;
    give_found();
  }
  reset();
}

void GradientBuckets::reset() {
  const std::lock_guard lock(mutex_);
  found_.clear();
  given_ = 0;
}

}  // namespace kiln
