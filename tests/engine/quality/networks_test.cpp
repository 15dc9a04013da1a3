// What the small networks learn: the classifier and the discriminator.

#include <ATen/ATen.h>

#include <cmath>
#include <numeric>

#include "engine/base/file.h"
#include "engine/data/duplicates.h"
#include "engine/quality/classifier.h"
#include "engine/quality/discriminator.h"
#include "engine/quality/script_features.h"
#include "tests/engine/quality/support.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

#include <torch/script.h>

#include <doctest/doctest.h>  // after torch

using namespace kiln;
using namespace kiln::test;

namespace {

std::vector<int> own_groups(std::size_t count) {
  std::vector<int> groups(count);
  std::iota(groups.begin(), groups.end(), 0);
  return groups;
}

Side side_of(std::vector<Image> images) {
  auto groups = own_groups(images.size());
  return {std::move(images), std::move(groups)};
}

double mean_accuracy(const Side& a, const Side& b, std::uint64_t seed = 1) {
  Discriminator discriminator(a, b, 2, seed, 2);
  while (discriminator.step()) {
  }
  const auto all = discriminator.accuracies();
  return std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
}

std::unique_ptr<SpriteClassifier> trained(const SpriteSet& set, const std::filesystem::path& cache, bool* cached = nullptr) {
  ClassifierTraining training(set, duplicate_groups(set), cache);
  while (training.step()) {
  }
  if (cached != nullptr) *cached = training.was_cached();
  return training.take();
}

}  // namespace

TEST_CASE("noise of two grey levels gives sprites away; drawn ones of the same kind cannot be told apart") {
  const std::vector<Image> drawn = images_of(drawn_set(100, 1)), others = images_of(drawn_set(100, 2));
  std::vector<Image> noisy;
  for (const Image& image : others) noisy.push_back(with_noise(image, 2, noisy.size()));
  CHECK(mean_accuracy(side_of(drawn), side_of(noisy)) > 0.95);
  const double same = mean_accuracy(side_of(drawn), side_of(others));
  CHECK(same > 0.3);
  CHECK(same < 0.7);
}

TEST_CASE("sprites of one group are never both trained on and asked about") {
  // Every sprite is on both sides. Asked about one whose copy was trained on, on the other side or on its own, a network that
  // remembers would be wrong or right; with all copies in one group, no fold can be both.
  const std::vector<Image> drawn = images_of(drawn_set(12, 1));
  const Side one_group{drawn, std::vector<int>(drawn.size(), 0)};
  Discriminator discriminator(one_group, one_group, 3, 1, 1);
  while (discriminator.step()) {
  }
  CHECK(discriminator.accuracies().empty());
}

TEST_CASE("the classifier learns its classes, is the same again, and is kept for the next time") {
  TemporaryFolder folder;
  const SpriteSet set = drawn_set(90, 1), unseen = drawn_set(45, 77);
  bool cached = true;
  const auto first = trained(set, folder.path(), &cached);
  CHECK_FALSE(cached);
  CHECK(first->validation_accuracy > 0.8);
  const auto answers = first->look_at(images_of(unseen));
  int right = 0;
  for (std::size_t i = 0; i < unseen.sprites.size(); ++i) right += answers.classes[i] == unseen.sprites[i].class_index;
  CHECK(right > 36);
  REQUIRE(folder.names().size() == 1);

  const auto again = trained(set, folder.path(), &cached);
  CHECK(cached);
  CHECK(again->validation_accuracy == doctest::Approx(first->validation_accuracy));
  CHECK(at::equal(again->look_at(images_of(unseen)).features, answers.features));

  const std::string file = *folder.names().begin();
  CHECK(file.starts_with("features-" + fingerprint(set)));
  write_file(folder / file, std::string_view("cut off"));
  const auto made_again = trained(set, folder.path(), &cached);
  CHECK_FALSE(cached);
  CHECK(at::equal(made_again->look_at(images_of(unseen)).features, answers.features));
  trained(set, folder.path(), &cached);
  CHECK(cached);
}

TEST_CASE("a TorchScript file gives the features; what is none is refused") {
  TemporaryFolder folder;
  const auto save = [&](const char* name, const char* body) {
    torch::jit::Module module("features");
    module.define(body);
    module.save((folder / name).string());
    return folder / name;
  };
  Image image(16, 16);
  for (int i = 0; i < 128; ++i) {
    auto* pixel = image.pixel(i % 16, i / 16);
    pixel[0] = 255;
    pixel[3] = 255;
  }
  // The upper half is red, the lower one shows the background.
  ScriptFeatures means(save("means.pt", "def forward(self, x):\n  return x.mean([2, 3])\n"), c10::kCPU);
  const at::Tensor found = means.features({image, image});
  REQUIRE(found.sizes() == at::IntArrayRef({2, 3}));
  CHECK(found[0][0].item<double>() == doctest::Approx((255 + 128) / 2.0).epsilon(1e-3));
  CHECK(found[1][1].item<double>() == doctest::Approx(128 / 2.0).epsilon(1e-3));
  CHECK(script_pictures({image}).sizes() == at::IntArrayRef({1, 3, 299, 299}));

  ScriptFeatures asked(save("asked.pt",
                            "def forward(self, x, return_features: bool = False):\n"
                            "  if return_features:\n    return x[:, :, :1, :1]\n  return x[:, :1]\n"),
                       c10::kCPU);
  CHECK(asked.features({image}).sizes() == at::IntArrayRef({1, 3}));

  ScriptFeatures wrong(save("wrong.pt", "def forward(self, x):\n  return x\n"), c10::kCPU);
  CHECK((error_of([&] { wrong.features({image}); }).code == ErrorCode::kUnsupported));
  write_file(folder / "text.pt", std::string_view("no network"));
  CHECK((error_of([&] { ScriptFeatures(folder / "text.pt", c10::kCPU); }).code == ErrorCode::kUnsupported));
  CHECK((error_of([&] { ScriptFeatures(folder / "none.pt", c10::kCPU); }).code == ErrorCode::kNotFound));
}
