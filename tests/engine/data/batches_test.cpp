#include "engine/data/batches.h"

#include <ATen/ATen.h>

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <set>

#include "tests/engine/data/support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

std::vector<int> all_of(const SpriteSet& set) {
  std::vector<int> members;
  for (std::size_t i = 0; i < set.sprites.size(); ++i) members.push_back(static_cast<int>(i));
  return members;
}

// A corner of three pixels, 2 columns from the left, 1 row from the top: it shows moves and mirroring.
Image corner() {
  Image image(8, 8);
  set_pixel(image, 2, 1, {255, 0, 0});
  set_pixel(image, 3, 1, {255, 0, 0});
  set_pixel(image, 2, 2, {255, 0, 0});
  return image;
}

SpriteSet uneven_set() {
  std::vector<std::pair<int, Image>> sprites;
  for (std::uint64_t i = 0; i < 33; ++i) sprites.emplace_back(i < 3 ? 0 : 1, drawing(i, i));
  return set_of({"few", "many"}, std::move(sprites));
}

double share_of_first_class(double balance) {
  const SpriteSet set = uneven_set();
  const BatchSource source(set, all_of(set), 4, {}, balance, 1);
  double first = 0;
  for (int n = 0; n < 40; ++n) first += (source.batch(n, 50).classes == 0).sum().item<double>();
  return first / 2000;
}

// Which pictures come up, by their pixels, in `count` sprites.
std::map<std::vector<float>, int> pictures(const SpriteSet& set, const Augmentation& augmentation, int wanted_class,
                                           int count = 400) {
  const Batch batch = BatchSource(set, all_of(set), 4, augmentation, 1.0, 3).batch(0, count);
  std::map<std::vector<float>, int> seen;
  for (int i = 0; i < count; ++i) {
    if (batch.classes[i].item<std::int64_t>() != wanted_class) continue;
    const at::Tensor x = batch.x[i].contiguous();
    ++seen[std::vector<float>(x.data_ptr<float>(), x.data_ptr<float>() + x.numel())];
  }
  return seen;
}

}  // namespace

TEST_CASE("a batch depends on its number and the seed alone") {
  const SpriteSet set = uneven_set();
  const Augmentation augmentation{{"*"}, 2};
  const BatchSource source(set, all_of(set), 4, augmentation, 1.0, 9), again(set, all_of(set), 4, augmentation, 1.0, 9),
      other(set, all_of(set), 4, augmentation, 1.0, 10);
  const Batch late = source.batch(1000, 16);
  source.batch(5, 3);
  REQUIRE(late.x.sizes() == at::IntArrayRef({16, 4, 16, 16}));
  CHECK(at::equal(late.x, again.batch(1000, 16).x));
  CHECK(at::equal(late.classes, again.batch(1000, 16).classes));
  CHECK_FALSE(at::equal(late.x, source.batch(1001, 16).x));
  CHECK_FALSE(at::equal(late.x, other.batch(1000, 16).x));
  CHECK_FALSE(at::equal(late.x[0], late.x[1]));
}

TEST_CASE("classes come up evenly, or as sprites do, or between") {
  CHECK(std::abs(share_of_first_class(1.0) - 0.5) < 0.04);
  CHECK(std::abs(share_of_first_class(0.0) - 3.0 / 33) < 0.025);
  CHECK(std::abs(share_of_first_class(0.5) - std::sqrt(3.0) / (std::sqrt(3.0) + std::sqrt(30.0))) < 0.035);
}

TEST_CASE("only members are drawn, each of them, with its own class") {
  const SpriteSet set = uneven_set();
  const std::vector<int> members = {1, 4, 7, 20};
  const Batch batch = BatchSource(set, members, 4, {{}, 0}, 1.0, 1).batch(0, 200);
  const at::Tensor plain = sprites_tensor(set, members, 4);
  std::vector<int> seen(4, 0);
  for (int i = 0; i < 200; ++i) {
    for (int m = 0; m < 4; ++m) {
      if (!at::equal(batch.x[i], plain[m])) continue;
      ++seen[static_cast<std::size_t>(m)];
      CHECK(batch.classes[i].item<int>() == (m == 0 ? 0 : 1));
    }
  }
  CHECK(seen[0] + seen[1] + seen[2] + seen[3] == 200);
  for (const int times : seen) CHECK(times > 10);
}

TEST_CASE("only the classes that may be are mirrored") {
  const SpriteSet set = set_of({"left", "free"}, {{0, corner()}, {1, corner()}});
  CHECK(pictures(set, {{}, 0}, 0).size() == 1);
  CHECK(pictures(set, {{"free"}, 0}, 0).size() == 1);
  const auto both = pictures(set, {{"free"}, 0}, 1);
  REQUIRE(both.size() == 2);
  for (const auto& [picture, times] : both) CHECK(times > 60);
  CHECK(pictures(set, {{"*"}, 0}, 0).size() == 2);
  const SpriteSet flipped = set_of({"left", "free"}, {{0, mirrored(corner())}, {1, corner()}});
  CHECK(pictures(set, {{"*"}, 0}, 0).begin()->first == pictures(flipped, {{"*"}, 0}, 0).begin()->first);
}

TEST_CASE("a move loses no visible pixel, and goes as far as it may") {
  for (const bool flip : {false, true}) {
    CAPTURE(flip);
    const SpriteSet set = set_of({"a"}, {{0, corner()}});
    const std::set<std::string> flips = flip ? std::set<std::string>{"a"} : std::set<std::string>{};
    // Left 2, right 4, up 1, down 5: by up to 3 pixels that is 2+3+1 columns times 1+3+1 rows; mirrored, as many again.
    const auto seen = pictures(set, {flips, 3}, 0, 3000);
    CHECK(seen.size() == (flip ? 60U : 30U));
    for (const auto& [picture, times] : seen) {
      int visible = 0;
      for (std::size_t i = 3 * 64; i < 4 * 64; ++i) visible += picture[i] > 0;
      CHECK(visible == 3);
    }
  }
  Image full(8, 8);
  for (auto& level : full.rgba) level = 255;
  set_pixel(full, 3, 3, {0, 0, 0});
  CHECK(pictures(set_of({"a"}, {{0, full}}), {{}, 4}, 0).size() == 1);
}

TEST_CASE("an image of any kind becomes what training makes of the same sprite, colour that nobody sees cleared") {
  Image image = drawing(3, 4), with_hidden = image;
  set_pixel(image, 7, 7, {10, 200, 30}, 100);
  set_pixel(with_hidden, 7, 7, {10, 200, 30}, 100);
  set_pixel(with_hidden, 0, 0, {9, 9, 9}, 0);
  const SpriteSet set = set_of({"a"}, {{0, image}});
  for (const int channels : {3, 4}) {
    const Batch batch = BatchSource(set, {0}, channels, {{}, 0}, 1.0, 1).batch(0, 1);
    CHECK(at::equal(sprite_tensor(with_hidden, channels), batch.x[0]));
  }
}

TEST_CASE("levels become numbers from -1 to 1, and nothing is -1 everywhere") {
  Image image(2, 1);
  set_pixel(image, 0, 0, {255, 128, 0});
  for (const int channels : {3, 4}) {
    const SpriteSet set = set_of({"a"}, {{0, image}});
    const at::Tensor x = sprites_tensor(set, {0}, channels);
    REQUIRE(x.sizes() == at::IntArrayRef({1, channels, 1, 2}));
    CHECK(x[0][0][0][0].item<float>() == 1.0F);
    CHECK(x[0][1][0][0].item<float>() == doctest::Approx(128 / 127.5 - 1));
    CHECK(x[0][2][0][0].item<float>() == -1.0F);
    for (int c = 0; c < channels; ++c) CHECK(x[0][c][0][1].item<float>() == -1.0F);
    if (channels == 4) CHECK(x[0][3][0][0].item<float>() == 1.0F);
  }
}

TEST_CASE("labels tell how a sprite was mirrored and moved, and say nothing of one as it is") {
  const SpriteSet set = set_of({"a"}, {{0, corner()}});
  const at::Tensor plain = sprites_tensor(set, {0}, 4)[0];
  const Batch batch = BatchSource(set, {0}, 4, {{"a"}, 2}, 1.0, 4).batch(0, 300);
  REQUIRE(batch.labels.sizes() == at::IntArrayRef({300, kAugmentationLabels}));
  int as_it_is = 0;
  for (int i = 0; i < 300; ++i) {
    int place = 0;
    const auto taken = [&](int count) {  // which of the next labels is set, -1 for none
      const at::Tensor part = batch.labels[i].narrow(0, place, count);
      place += count;
      CHECK(part.sum().item<float>() <= 1);
      return part.sum().item<float>() == 0 ? -1 : part.argmax().item<int>();
    };
    const auto distance = [&] {  // -1 … -8, then 1 … 8
      const int label = taken(2 * kMostShift);
      return label < 0 ? 0 : label < kMostShift ? -label - 1 : label - kMostShift + 1;
    };
    at::Tensor undone = batch.x[i];
    const bool flipped = taken(1) == 0;
    const int dx = distance(), dy = distance();
    undone = at::roll(undone, {-dy, -dx}, {1, 2});
    if (flipped) undone = undone.flip({2});
    CHECK(at::equal(undone, plain));
    as_it_is += !flipped && dx == 0 && dy == 0;
  }
  CHECK(as_it_is > 0);
  CHECK(as_it_is < 100);
}

TEST_CASE("a share of the sprites is augmented") {
  const SpriteSet set = set_of({"a"}, {{0, corner()}});
  const auto moved = [&](double share) {
    const Batch batch = BatchSource(set, {0}, 4, {{"a"}, 2, share}, 1.0, 4).batch(0, 1000);
    return (batch.labels.sum(1) > 0).sum().item<double>() / 1000;
  };
  const double all = moved(1);
  CHECK(moved(0) == 0);
  CHECK(std::abs(moved(0.25) - 0.25 * all) < 0.05);
}

TEST_CASE("a set that is streamed gives each sprite once an epoch, as it is, and the same batch whenever it is asked for") {
  std::vector<std::pair<int, Image>> sprites;
  for (std::uint64_t i = 0; i < 60; ++i) sprites.emplace_back(i < 6 ? 0 : 1, drawing(i, i));
  const SpriteSet set = set_of({"few", "many"}, std::move(sprites));
  const std::vector<int> members = all_of(set);
  const BatchSource source(set, members, 4, {{}, 0}, 0.0, 5, c10::kCPU, 0), again(set, members, 4, {{}, 0}, 0.0, 5, c10::kCPU, 0);
  const at::Tensor all = sprites_tensor(set, members, 4);
  std::vector<int> times(60, 0);
  for (int number = 0; number < 4; ++number) {  // two epochs
    const Batch batch = source.batch(number, 30);
    CHECK(at::equal(batch.x, again.batch(number, 30).x));
    for (int i = 0; i < 30; ++i) {
      const at::Tensor same = (all == batch.x[i].unsqueeze(0)).flatten(1).all(1);
      REQUIRE(same.sum().item<std::int64_t>() == 1);
      const auto place = same.to(at::kInt).argmax().item<std::int64_t>();
      ++times[static_cast<std::size_t>(place)];
      CHECK(batch.classes[i].item<std::int64_t>() == (place < 6 ? 0 : 1));
    }
  }
  CHECK(times == std::vector<int>(60, 2));
}

TEST_CASE("a set that is streamed is balanced, mirrored and moved as any other") {
  std::vector<std::pair<int, Image>> sprites;
  for (int i = 0; i < 40; ++i) sprites.emplace_back(i < 4 ? 0 : 1, corner());
  const SpriteSet set = set_of({"few", "many"}, std::move(sprites));
  const BatchSource source(set, all_of(set), 4, {{"*"}, 1}, 1.0, 5, c10::kCPU, 0);
  const Batch batch = source.batch(0, 400);
  CHECK((batch.classes == 0).sum().item<std::int64_t>() == 200);
  CHECK(batch.labels.select(1, 0).mean().item<double>() == doctest::Approx(0.5).epsilon(0.2));
  CHECK(batch.labels.narrow(1, 1, 4 * kMostShift).sum().item<double>() > 100);
}
