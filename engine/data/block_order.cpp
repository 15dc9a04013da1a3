#include "engine/data/block_order.h"

#include <algorithm>

#include "engine/data/counter_random.h"

namespace kiln {
namespace {

constexpr std::uint64_t kBlocksStream = 0xB10C, kWindowStream = 0x51DE, kEpochStream = 0xE90C;  // of random numbers
constexpr std::uint64_t kRounds = 4;

// Streams of different epochs and windows do not meet.
std::uint64_t stream_of(std::uint64_t kind, std::uint64_t epoch, std::uint64_t part = 0) {
  return CounterRandom(kind, epoch, part).next();
}

}  // namespace

KeyedPermutation::KeyedPermutation(std::uint64_t size, std::uint64_t seed, std::uint64_t stream)
    : size_(size), seed_(seed), stream_(stream) {
  while (half_bits_ < 31 && (std::uint64_t{1} << (2 * half_bits_)) < size_) ++half_bits_;
}

std::uint64_t KeyedPermutation::operator()(std::uint64_t i) const {
  const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
  do {
    std::uint64_t left = i >> half_bits_, right = i & mask;
    for (std::uint64_t round = 0; round < kRounds; ++round) {
      const std::uint64_t mixed = left ^ (CounterRandom(seed_, stream_, round << 32 | right).next() & mask);
      left = right;
      right = mixed;
    }
    i = left << half_bits_ | right;
  } while (i >= size_);
  return i;
}

BlockOrder::BlockOrder(const std::vector<double>& weights, std::uint64_t seed, std::uint64_t block)
    : up_to_(weights.size()), seed_(seed), block_(block) {
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) up_to_[i] = sum += weights[i];
  for (double& entry : up_to_) entry *= static_cast<double>(weights.size()) / sum;
}

// All blocks but the last, which may be shorter, change places; then the places of a few blocks together.
std::uint64_t BlockOrder::shuffled(std::uint64_t place, std::uint64_t epoch) const {
  const std::uint64_t size = up_to_.size(), window = block_ * kBlocksAtOnce, whole_blocks = size / block_;
  const std::uint64_t first = place / window * window;
  const KeyedPermutation within(std::min(window, size - first), seed_, stream_of(kWindowStream, epoch, first));
  const std::uint64_t moved = first + within(place - first), block = moved / block_;
  if (block >= whole_blocks) return moved;
  return KeyedPermutation(whole_blocks, seed_, stream_of(kBlocksStream, epoch))(block) * block_ + moved % block_;
}

// Each epoch begins elsewhere, so that its blocks are others and no sprite is always among the last.
std::size_t BlockOrder::at(std::uint64_t place) const {
  const std::uint64_t size = up_to_.size(), epoch = place / size;
  CounterRandom of_epoch(seed_, stream_of(kEpochStream, epoch), 0);
  const std::uint64_t begin = of_epoch.below(size);
  const double offset = 0.001 + 0.998 * of_epoch.unit();  // away from the ends, where rounding would count
  const std::uint64_t drawn = (shuffled(place % size, epoch) + begin) % size;
  const auto found = std::upper_bound(up_to_.begin(), up_to_.end(), static_cast<double>(drawn) + offset);
  return static_cast<std::size_t>(std::min(found, up_to_.end() - 1) - up_to_.begin());
}

}  // namespace kiln
