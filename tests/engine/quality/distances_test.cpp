// Golden numbers are from a program in plain Python that follows the definitions: Denman-Beavers iteration for the root, sums over
// pairs, sorted distances.

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <cmath>

#include "engine/quality/frechet.h"
#include "engine/quality/kernel_distance.h"
#include "engine/quality/precision_recall.h"

#include <doctest/doctest.h>  // after torch

using namespace kiln;

namespace {

at::Tensor some_features(int count, int phase) {
  at::Tensor features = at::empty({count, 4}, at::kDouble);
  for (int i = 0; i < count; ++i) {
    for (int j = 0; j < 4; ++j) {
      const int pattern = (i * 7 + j * 13 + i * j * phase + phase * phase * i) % 23;
      features[i][j] = pattern / 11.0 - 1.0 + (j == 0 ? 0.25 * phase : 0.0);
    }
  }
  return features;
}

at::Tensor gaussian(std::int64_t count, std::int64_t size, double mean, std::uint64_t seed) {
  at::Generator random = at::detail::createCPUGenerator(seed);
  return at::randn({count, size}, random, at::kDouble) + mean;
}

}  // namespace

TEST_CASE("the Fréchet distance of two samples is that of the definition") {
  CHECK(frechet_distance(some_features(12, 1), some_features(15, 3)) == doctest::Approx(1.18292045564972).epsilon(1e-10));
}

TEST_CASE("the Fréchet distance of Gaussians with diagonal covariances has a closed form") {
  const at::Tensor a = at::tensor({4.0, 9.0, 0.0, 1e-12}), b = at::tensor({1.0, 16.0, 25.0, 0.0});
  const at::Tensor first = at::tensor({1.0, 2.0, 3.0, 0.0}), second = at::tensor({1.0, 0.0, 6.0, 0.0});
  const double expected = (first - second).square().sum().item<double>() + (a.sqrt() - b.sqrt()).square().sum().item<double>();
  CHECK(frechet_distance({first, at::diag(a)}, {second, at::diag(b)}) == doctest::Approx(expected).epsilon(1e-12));
}

TEST_CASE("with fewer samples than features the Fréchet distance is still exact") {
  const at::Tensor few = gaussian(20, 64, 0, 1);
  CHECK(std::abs(frechet_distance(few, few)) < 1e-9);
  CHECK(frechet_distance(few, few + 0.5) == doctest::Approx(64 * 0.25).epsilon(1e-9));
  // With Σ₂ = 4 Σ₁ the root of the product is 2 Σ₁, and tr(Σ₁ + 4 Σ₁ - 4 Σ₁) is left.
  const Gaussian one = fit_gaussian(few);
  CHECK(frechet_distance(one, {one.mean, 4 * one.covariance}) ==
        doctest::Approx(one.covariance.trace().item<double>()).epsilon(1e-9));
}

TEST_CASE("the kernel distance is that of the definition, and on average nothing between samples of one distribution") {
  const at::Tensor a = some_features(12, 1), b = some_features(15, 3);
  CHECK(kernel_distance(a, b) == doctest::Approx(0.419689662498398).epsilon(1e-10));
  CHECK(kernel_distance(b, a) == doctest::Approx(0.419689662498398).epsilon(1e-10));
  double same = 0, other = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    same += kernel_distance(gaussian(50, 8, 0, 2 * seed), gaussian(50, 8, 0, 2 * seed + 1)) / 40;
    other += kernel_distance(gaussian(50, 8, 0, 2 * seed), gaussian(50, 8, 0.5, 2 * seed + 1)) / 40;
  }
  CHECK(std::abs(same) < 0.05);
  CHECK(other > 0.5);
}

TEST_CASE("kernel distances of subsets: about that of all; repeatable; different for different subsets, of small sets too") {
  const at::Tensor a = gaussian(400, 8, 0, 1), b = gaussian(300, 8, 0.5, 2);
  const auto parts = kernel_distances(a, b, 50, 1000, 7);
  REQUIRE(parts.size() == 50);
  double mean = 0;
  for (const double part : parts) mean += part / 50;
  CHECK(mean == doctest::Approx(kernel_distance(a, b)).epsilon(0.1));
  CHECK(parts == kernel_distances(a, b, 50, 1000, 7));
  CHECK(parts[0] != parts[1]);
  CHECK(std::isfinite(kernel_distances(a.narrow(0, 0, 3), b.narrow(0, 0, 2), 1, 1000, 7)[0]));
}

TEST_CASE("precision, recall and coverage are those of the definitions") {
  const at::Tensor samples = some_features(12, 1), reference = some_features(15, 3);
  const PrecisionRecall found = precision_recall(samples, reference);
  CHECK(found.precision == doctest::Approx(7.0 / 12));
  CHECK(found.recall == doctest::Approx(14.0 / 15));
  CHECK(coverage(samples, reference) == doctest::Approx(14.0 / 15));
  CHECK(coverage(samples, reference, 1) == doctest::Approx(0.4));
  CHECK(neighbour_radii(samples, 3)[0].item<double>() == doctest::Approx(1.5020646947143914));
}

TEST_CASE("a model that makes one good sprite over and over has precision and no recall") {
  const at::Tensor reference = gaussian(100, 8, 0, 3);
  const at::Tensor collapsed = reference.narrow(0, 0, 1).repeat({100, 1});
  const PrecisionRecall found = precision_recall(collapsed, reference);
  CHECK(found.precision == 1);
  CHECK(found.recall == doctest::Approx(0.01));
  CHECK(coverage(collapsed, reference) < 0.2);
}

TEST_CASE("coverage of a class looks at that class alone") {
  const at::Tensor reference = gaussian(40, 8, 0, 3);
  std::vector<int> classes(40, 0);
  for (std::size_t i = 20; i < 40; ++i) classes[i] = 1;
  const auto all = coverage_by_class(reference, classes, reference, classes, 3);
  CHECK(all[0] == 1);
  CHECK(all[1] == 1);
  CHECK(std::isnan(all[2]));
  const std::vector<int> only_first(40, 0);
  const auto missing = coverage_by_class(reference, only_first, reference, classes, 3);
  CHECK(missing[0] == 1);
  CHECK(missing[1] == 0);
}
