#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/data/duplicates.h"
#include "engine/data/sprite_set.h"
#include "engine/data/stepped_work.h"
#include "engine/quality/classifier.h"
#include "engine/quality/comparison.h"
#include "engine/quality/discriminator.h"
#include "engine/quality/evaluation_result.h"
#include "engine/quality/novelty.h"
#include "engine/quality/pixel_statistics.h"
#include "engine/quality/script_features.h"
#include "engine/quality/sprite_sampler.h"

namespace kiln {

struct EvaluationOptions {
  std::vector<std::string> model_classes;  // empty: it has none
  int count = 0;                           // sprites a draw; 0: half of the data, at most kMostByDefault
  int draws = 3;
  std::uint64_t seed = 0;
  int threads = 1;
  std::filesystem::path cache;               // of classifiers; empty: none
  std::unique_ptr<ScriptFeatures> features;  // in place of the classifier's; may be null
  std::size_t most_data = 50'000;            // sprites of the data; of more, so many are chosen by the seed
  bool only_sprites = false;                 // are made; nothing is judged

  static constexpr int kMostByDefault = 2048;
  static constexpr std::size_t kFewest = 8;  // sprites of the data, and of held-out ones
};

// The sprites that one draw asks a SpriteSampler for, and those that it gave.
struct DrawSprites {
  std::vector<std::string> classes;
  std::uint64_t seed = 0;
  std::vector<Image> images;
};

// Judges the sprites that a model makes by those it was trained on and those it never saw, in small steps. Each draw splits the
// data into halves at random, duplicates together, and has as many sprites made as the second half holds, class by class the same
// number. Then generated sprites and the second half are both compared with the first: the counts are equal, so the numbers can be
// set side by side. So are those of held-out sprites and as many generated ones of the same classes, both compared with all of the
// data.
class ModelEvaluation {
 public:
  // Of `data` some are chosen where it is very large. Throws Failure: sets of different sizes, too few sprites, no class that the
  // model has.
  ModelEvaluation(SpriteSet data, std::optional<SpriteSet> heldout, SpriteSampler& sampler, EvaluationOptions options);
  ModelEvaluation(const ModelEvaluation&) = delete;
  ModelEvaluation& operator=(const ModelEvaluation&) = delete;

  bool step() { return work_.step(); }  // false when nothing is left
  std::int64_t done() const { return work_.done(); }
  std::int64_t total() const { return work_.total(); }
  EvaluationResult take() { return std::move(result_); }                        // once, at the end
  std::vector<DrawSprites> take_sprites() { return std::move(only_sprites_); }  // of each draw, if only they were made

 private:
  Halves halves_of(int draw) const;
  std::uint64_t first_seed(int draw) const;

  void choose_data();
  void leave_out_classes();
  void take_heldout(const SpriteSet& set);
  void add_copies_passes();
  void add_sampling_passes(int draw);
  void add_classifier_passes();
  void part_copies_if_needed();
  void add_features_pass(FeaturedSet& set);
  void add_pixels_pass(const FeaturedSet& set, const std::function<void()>& finish);
  void add_novelty_pass(const FeaturedSet& samples, const std::unique_ptr<NoveltySearch>& search,
                        const std::function<void()>& finish);
  void add_baseline_passes();
  void add_draw_passes(int draw);
  void add_discriminator_pass(int draw, std::size_t place);
  void begin_draw(int draw);
  void take_generated();
  void pair_up(int draw);
  void measure_classes(int draw);
  void judge_novelty(int draw);

  SpriteSampler& sampler_;
  EvaluationOptions options_;
  SpriteSet set_;                                           // as given
  std::array<std::unique_ptr<DuplicateSearch>, 2> copies_;  // in the data, in the held-out sprites
  std::vector<int> classifier_groups_;                      // of set_: near copies of each other
  std::unique_ptr<ClassifierTraining> training_;
  std::unique_ptr<SpriteClassifier> classifier_;
  SpriteSet shared_;                // the data's sprites of classes that the model has
  FeaturedSet data_, heldout_;      // of such classes
  std::vector<int> shared_places_;  // of data_ in set_
  PixelHabit habit_;
  std::vector<double> data_colours_;
  std::unique_ptr<NoveltySearch> search_, baseline_search_;
  FeaturedSet baseline_training_, baseline_;

  // Of the draw under way.
  Halves halves_;
  FeaturedSet generated_;
  std::vector<ComparedPair> pairs_;  // as result_.comparisons
  std::unique_ptr<Discriminator> discriminator_;

  // Of the pass under way.
  std::vector<at::Tensor> feature_parts_;
  std::vector<PixelStatistics> pixels_;
  std::vector<NearestMatch> matches_;

  std::vector<DrawSprites> only_sprites_;
  EvaluationResult result_;
  SteppedWork work_;
};

}  // namespace kiln
