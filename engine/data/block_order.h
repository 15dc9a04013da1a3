#pragma once

#include <cstdint>
#include <vector>

namespace kiln {

// A permutation of 0 … size - 1 that needs no memory: a Feistel network over the next power of four, walked until it comes back
// into the range (Black & Rogaway 2002, “Ciphers with arbitrary finite domains”).
class KeyedPermutation {
 public:
  KeyedPermutation(std::uint64_t size, std::uint64_t seed, std::uint64_t stream);
  std::uint64_t operator()(std::uint64_t i) const;

 private:
  std::uint64_t size_, seed_, stream_;
  int half_bits_ = 1;
};

// The order in which a set too large for memory is gone through: blocks of neighbours in a random order, and a few blocks at a time
// in a random order of their sprites, so that what is read lies near together. Every epoch has another order, and is a function of
// the seed and its number alone. A sprite of weight w comes floor(w) or ceil(w) times an epoch, w times on average (systematic
// sampling, Madow 1949).
class BlockOrder {
 public:
  static constexpr std::uint64_t kBlock = 1024, kBlocksAtOnce = 16;

  // weights: of each sprite, not all zero; they are scaled to a sum of their number.
  BlockOrder(const std::vector<double>& weights, std::uint64_t seed, std::uint64_t block = kBlock);

  // The sprite at this place of the endless sequence of epochs, each as long as there are sprites.
  std::size_t at(std::uint64_t place) const;

 private:
  std::uint64_t shuffled(std::uint64_t place, std::uint64_t epoch) const;

  std::vector<double> up_to_;  // cumulative weights
  std::uint64_t seed_, block_;
};

}  // namespace kiln
