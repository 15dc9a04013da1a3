#include "engine/data/block_order.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

using namespace kiln;

namespace {

constexpr std::uint64_t kSmallBlock = 8;

std::vector<std::size_t> epoch_of(const BlockOrder& order, std::uint64_t size, std::uint64_t epoch) {
  std::vector<std::size_t> all;
  for (std::uint64_t i = 0; i < size; ++i) all.push_back(order.at(epoch * size + i));
  return all;
}

}  // namespace

TEST_CASE("a keyed permutation holds every number once, and another key is another one") {
  for (const std::uint64_t size : std::vector<std::uint64_t>{1, 2, 7, 64, 1000}) {
    CAPTURE(size);
    std::set<std::uint64_t> seen;
    const KeyedPermutation permutation(size, 1, 2);
    for (std::uint64_t i = 0; i < size; ++i) seen.insert(permutation(i));
    CHECK(seen.size() == size);
    CHECK(*seen.rbegin() == size - 1);
  }
  const KeyedPermutation one(1000, 1, 2), other(1000, 1, 3);
  int same = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) same += one(i) == other(i);
  CHECK(same < 20);
}

TEST_CASE("an epoch holds each sprite once, in an order of its own, however the blocks fit") {
  for (const std::uint64_t size : std::vector<std::uint64_t>{5, 128, 131, 1003}) {
    CAPTURE(size);
    const BlockOrder order(std::vector<double>(size, 0.25), 3, kSmallBlock);
    auto first = epoch_of(order, size, 0), second = epoch_of(order, size, 1);
    CHECK(first == epoch_of(BlockOrder(std::vector<double>(size, 0.25), 3, kSmallBlock), size, 0));
    if (size > 100) CHECK(first != second);
    if (size > 100) CHECK(first != epoch_of(BlockOrder(std::vector<double>(size, 0.25), 4, kSmallBlock), size, 0));
    for (auto* epoch : {&first, &second}) {
      std::sort(epoch->begin(), epoch->end());
      for (std::uint64_t i = 0; i < size; ++i) CHECK((*epoch)[i] == i);
    }
  }
}

TEST_CASE("what is drawn one after the other lies in few blocks, and not in order") {
  constexpr std::uint64_t kSize = 4096, kWindow = kSmallBlock * BlockOrder::kBlocksAtOnce;
  const BlockOrder order(std::vector<double>(kSize, 1), 3, kSmallBlock);
  std::set<std::size_t> blocks;
  int ascending = 0;
  for (std::uint64_t i = 0; i < kWindow; ++i) {
    blocks.insert(order.at(i) / kSmallBlock);
    ascending += i > 0 && order.at(i) > order.at(i - 1);
  }
  CHECK(blocks.size() <= 2 * BlockOrder::kBlocksAtOnce);  // where an epoch begins, its blocks reach over two of these
  CHECK(ascending > static_cast<int>(kWindow) / 4);
  CHECK(ascending < static_cast<int>(kWindow) * 3 / 4);
}

TEST_CASE("a sprite comes as often as its weight says, to one more or less in every epoch") {
  std::vector<double> weights(200, 1);
  for (std::size_t i = 0; i < 20; ++i) weights[i] = 9;  // half of all
  const BlockOrder order(weights, 3, kSmallBlock);
  std::vector<int> times(weights.size(), 0);
  constexpr int kEpochs = 50;
  for (std::uint64_t epoch = 0; epoch < kEpochs; ++epoch) {
    std::vector<int> in_epoch(weights.size(), 0);
    for (const std::size_t i : epoch_of(order, weights.size(), epoch)) ++in_epoch[i];
    for (std::size_t i = 0; i < weights.size(); ++i) {
      CHECK(std::abs(in_epoch[i] - weights[i] * 200 / 360) <= 1);
      times[i] += in_epoch[i];
    }
  }
  CHECK(std::accumulate(times.begin(), times.begin() + 20, 0) == doctest::Approx(kEpochs * 100).epsilon(0.02));
  CHECK(*std::min_element(times.begin(), times.end()) > 0);
}
