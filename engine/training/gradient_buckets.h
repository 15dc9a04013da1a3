#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

namespace kiln {

// Of a bucket: what PyTorch's DistributedDataParallel begins with. Smaller ones are begun earlier, and cost more messages.
constexpr std::int64_t kBucketBytes = 1 << 20;

// A flat gradient cut into buckets of whole parameters, from the last parameter to the first, which is about the order in which a
// pass back finds them; and which of them several workers' passes have found so far. Buckets are given away in their order alone,
// whatever order the gradients come in: processes that sum them have to begin with the same one.
class GradientBuckets {
 public:
  // Called for elements `first` to `first + count` of the flat gradient, by one thread at a time.
  using Give = std::function<void(std::int64_t first, std::int64_t count)>;

  // sizes: of the parameters, as they lie in the flat gradient. A bucket is closed once it has bucket_size elements or more.
  GradientBuckets(const std::vector<std::int64_t>& sizes, std::int64_t bucket_size, Give give);

  // The last passes of a step, of so many workers, begin.
  void begin(int workers);
  // A worker's pass adds no more to that parameter's gradient; to any. Nothing before begin(). May be called by several threads.
  void found(int worker, std::size_t parameter);
  void found_all(int worker);
  // The step's gradient is whole: gives what was not given yet.
  void finish();
  // Forgets the step.
  void reset();

 private:
  struct Bucket {
    std::int64_t first, count;
    std::size_t parameters;
    std::size_t missing;  // gradients, of all workers
  };

  void mark(int worker, std::size_t parameter);
  void give_found();

  std::vector<Bucket> buckets_;
  std::vector<std::size_t> bucket_of_;  // of each parameter
  Give give_;
  std::mutex mutex_;
  std::vector<std::vector<bool>> found_;  // by worker and parameter; empty before begin()
  std::size_t given_ = 0;                 // how many buckets
};

}  // namespace kiln
