#include <ATen/ATen.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "engine/quality/evaluation_text.h"
#include "engine/quality/model_evaluation.h"
#include "engine/quality/report_picture.h"
#include "engine/quality/shuffled.h"
#include "tests/engine/quality/support.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

#include <doctest/doctest.h>  // after torch

using namespace kiln;
using namespace kiln::test;

namespace {

// Gives the sprites of a set, those of the class that is asked for in turn, each changed by `change`.
class SetSampler : public SpriteSampler {
 public:
  using Change = std::function<Image(const Image&, std::uint64_t seed)>;
  explicit SetSampler(SpriteSet set, Change change = {}) : set_(std::move(set)), change_(std::move(change)) {}

  void begin(const std::vector<std::string>& classes, std::uint64_t seed) override {
    classes_ = classes;
    seed_ = seed;
    asked.push_back(classes);
    images_.clear();
  }
  std::size_t steps() const override { return classes_.size(); }
  void step() override {
    const std::string& wanted = classes_[images_.size()];
    do {
      next_ = (next_ + 1) % set_.sprites.size();
    } while (!wanted.empty() && set_.classes[static_cast<std::size_t>(set_.sprites[next_].class_index)] != wanted);
    const Image& image = set_.sprites[next_].image;
    images_.push_back(change_ ? change_(image, seed_ + images_.size()) : image);
  }
  std::vector<Image> take() override { return std::move(images_); }

  std::vector<std::vector<std::string>> asked;

 private:
  SpriteSet set_;
  Change change_;
  std::vector<std::string> classes_;
  std::uint64_t seed_ = 0;
  std::size_t next_ = 0;
  std::vector<Image> images_;
};

// The pixels of a sprite in another order.
Image with_pixels_shuffled(const Image& image, std::uint64_t seed) {
  Image result = image;
  std::size_t place = 0;
  for (const auto from : shuffled(static_cast<std::int64_t>(image.rgba.size() / 4), seed, 0)) {
    std::copy_n(image.rgba.begin() + from * 4, 4, result.rgba.begin() + static_cast<std::ptrdiff_t>(4 * place++));
  }
  return result;
}

EvaluationOptions options_for(const SpriteSet& set, int draws = 1) {
  static const TemporaryFolder cache;  // most tests have the same data
  EvaluationOptions options;
  options.cache = cache.path();
  options.model_classes = set.classes;
  options.draws = draws;
  options.threads = 2;
  return options;
}

EvaluationResult evaluated(const SpriteSet& data, std::optional<SpriteSet> heldout, SpriteSampler& sampler,
                           EvaluationOptions options) {
  ModelEvaluation evaluation(data, std::move(heldout), sampler, std::move(options));
  std::int64_t done = 0;
  while (evaluation.step()) {
    CHECK(evaluation.done() >= done);
    done = evaluation.done();
  }
  CHECK(evaluation.done() == evaluation.total());
  return evaluation.take();
}

}  // namespace

TEST_CASE("sprites as good as drawn ones score as they do; those without a shape do not") {
  const SpriteSet data = drawn_set(120, 1), heldout = drawn_set(30, 2);
  SetSampler good(drawn_set(240, 3)), shapeless(drawn_set(240, 3), with_pixels_shuffled);
  const EvaluationResult of_good = evaluated(data, heldout, good, options_for(data));
  const EvaluationResult of_shapeless = evaluated(data, std::nullopt, shapeless, options_for(data));

  REQUIRE(of_good.comparisons.size() == 5);
  const Comparison &generated = of_good.comparisons[1], &drawn = of_good.comparisons[2], &heldout_row = of_good.comparisons[4];
  CHECK(generated.samples == "generated");
  CHECK(drawn.samples == "drawn");
  CHECK(heldout_row.samples == "held-out");
  CHECK(generated.sample_count == drawn.sample_count);
  CHECK(of_good.comparisons[3].sample_count == heldout_row.sample_count);
  const Comparison& bad = of_shapeless.comparisons[1];
  CHECK(generated.frechet.mean() < 0.2 * bad.frechet.mean());
  CHECK(generated.kernel.mean() < 0.2 * bad.kernel.mean());
  CHECK(generated.precision.mean() > bad.precision.mean());
  CHECK(generated.recall.mean() > 0.7);
  CHECK(bad.recall.mean() < 0.5);
  CHECK(generated.coverage.mean() > 0.6);
  CHECK(bad.coverage.mean() < 0.4);
  CHECK(generated.class_accuracy.mean() > 0.7);
  CHECK(bad.class_accuracy.mean() < 0.7);
  CHECK(drawn.class_accuracy.empty());
  CHECK(generated.told_apart.mean() < 0.75);
  CHECK(bad.told_apart.mean() > 0.9);

  CHECK(of_good.novelty[0].exact.mean() < 0.2);
  CHECK(of_good.novelty[1].set == "held-out");
  CHECK(of_good.novelty[1].suspected.mean() <= 0.1);
}

TEST_CASE("noise is told apart and counted in colours") {
  const SpriteSet data = drawn_set(120, 1);
  SetSampler noisy(drawn_set(240, 3), [](const Image& image, std::uint64_t seed) { return with_noise(image, 10, seed); });
  EvaluationOptions options = options_for(data);
  options.count = 45;
  const EvaluationResult result = evaluated(data, std::nullopt, noisy, std::move(options));
  CHECK(result.comparisons[1].told_apart.mean() > 0.95);
  CHECK(result.pixels[0].colours.mean() > 2 * result.pixels[1].colours.mean());
  CHECK(result.pixels[0].colour_distance.mean() > 10);
}

TEST_CASE("copies of training sprites are found, listed and the same every time") {
  const SpriteSet data = drawn_set(120, 1);
  const auto result = [&] {
    SetSampler copying(data, [](const Image& image, std::uint64_t seed) { return moved_image(image, seed % 2 == 0, 0, 0); });
    EvaluationOptions options = options_for(data);
    options.count = 12;
    return evaluated(data, std::nullopt, copying, std::move(options));
  };
  const EvaluationResult first = result();
  CHECK(first.novelty[0].exact.mean() == 1);
  REQUIRE(first.suspects.size() == 12);
  for (const Suspect& suspect : first.suspects) {
    CHECK(moved_image(suspect.sprite, suspect.match.mirrored, 0, 0) == suspect.training);
    CHECK(suspect.file.starts_with(suspect.class_name + "/"));
  }
  CHECK(evaluation_json(result()) == evaluation_json(first));
}

TEST_CASE("sprites are asked for class by class as the second half of the data has them, and each draw anew") {
  const SpriteSet data = drawn_set(120, 1);
  SetSampler sampler(drawn_set(120, 3));
  EvaluationOptions options = options_for(data, 2);
  options.count = 12;
  const EvaluationResult result = evaluated(data, std::nullopt, sampler, std::move(options));
  REQUIRE(sampler.asked.size() == 2);
  CHECK(sampler.asked[0].size() == 12);
  CHECK(sampler.asked[0] != sampler.asked[1]);
  CHECK(result.count == 12);
  CHECK(result.comparisons.size() == 3);  // nothing is held out
  CHECK(result.comparisons[1].frechet.count() == 2);
  CHECK(result.novelty[1].set == "drawn");
  CHECK(result.classes.size() == 3);
  CHECK(result.classes[0].sprites == 40);

  const auto json = nlohmann::json::parse(evaluation_json(result));
  CHECK(json["comparisons"][1]["frechet"]["n"] == 2);
  CHECK(json["comparisons"][0]["told_apart"].is_null());
  CHECK(json["pixels"][0]["set"] == "generated");
  CHECK(json["suspects"].size() == result.suspects.size());
  const std::string text = evaluation_text(result);
  for (const char* word : {"Fréchet distance", "told apart", "colours (median)", "near copies", "120 sprites of 16×16"})
    CHECK_MESSAGE(text.find(word) != std::string::npos, word);
  const Image picture = report_picture(result);
  CHECK(picture.width > 400);
  CHECK(picture.height > 3 * 48);
}

TEST_CASE("a model without classes is judged without them; one that lacks some, by the others") {
  const SpriteSet data = drawn_set(120, 1);
  SetSampler sampler(drawn_set(120, 3));
  EvaluationOptions options = options_for(data);
  options.count = 10;
  options.model_classes.clear();
  const EvaluationResult without = evaluated(data, std::nullopt, sampler, std::move(options));
  CHECK(sampler.asked[0] == std::vector<std::string>(10, ""));
  CHECK(without.comparisons[1].class_accuracy.empty());
  CHECK_FALSE(without.comparisons[1].coverage.empty());

  options = options_for(data);
  options.count = 10;
  options.model_classes.erase(options.model_classes.begin());
  SetSampler fewer(drawn_set(120, 3));
  const EvaluationResult result = evaluated(data, std::nullopt, fewer, std::move(options));
  CHECK(result.sprites == 80);
  REQUIRE_FALSE(result.notes.empty());
  CHECK(result.notes[0].find(data.classes[0]) != std::string::npos);
  CHECK(std::count(fewer.asked[0].begin(), fewer.asked[0].end(), data.classes[0]) == 0);
}

TEST_CASE("what cannot be compared is refused") {
  const SpriteSet data = drawn_set(120, 1);
  SetSampler sampler(data);
  EvaluationOptions other = options_for(data);
  other.model_classes = {"nothing of the kind"};
  CHECK((error_of([&] { ModelEvaluation(data, std::nullopt, sampler, std::move(other)); }).code == ErrorCode::kUnsupported));
  SpriteSet large = data;
  large.width = 32;
  CHECK((error_of([&] { ModelEvaluation(data, large, sampler, options_for(data)); }).code == ErrorCode::kInvalidArgument));
  SetSampler of_other_size(data, [](const Image&, std::uint64_t) { return Image(8, 8); });
  CHECK((error_of([&] { evaluated(data, std::nullopt, of_other_size, options_for(data)); }).code == ErrorCode::kInvalidArgument));
}

TEST_CASE("of very many sprites of the data some are chosen, the same again by the same seed, and that is told") {
  const SpriteSet data = drawn_set(120, 1);
  SetSampler sampler(data), again(data);
  const auto options = [&] {
    EvaluationOptions few = options_for(data);
    few.most_data = 60;
    return few;
  };
  const EvaluationResult result = evaluated(data, std::nullopt, sampler, options());
  CHECK(result.sprites == 60);
  REQUIRE_FALSE(result.notes.empty());
  CHECK(result.notes[0].find("60 of the data's 120 sprites") != std::string::npos);
  const EvaluationResult same = evaluated(data, std::nullopt, again, options());
  CHECK(same.comparisons[kHalf].frechet.mean() == result.comparisons[kHalf].frechet.mean());
}
