#include "engine/quality/model_evaluation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/data/split.h"
#include "engine/quality/parallel.h"
#include "engine/quality/precision_recall.h"
#include "engine/quality/shuffled.h"
#include "engine/quality/summaries.h"

namespace kiln {
namespace {

constexpr int kFolds = 3;
constexpr std::size_t kSearchedAStep = 4;  // times the threads
constexpr std::size_t kPicturesAStep = 256, kScriptPicturesAStep = 16;
constexpr std::size_t kSamplesOfAClass = 12;
constexpr std::size_t kFewest = EvaluationOptions::kFewest;

std::string size_text(const SpriteSet& set) { return std::to_string(set.width) + "×" + std::to_string(set.height); }

Side side_of(const FeaturedSet& set) { return {set.images, set.groups}; }

std::vector<double> distances_of(const std::vector<NearestMatch>& matches) {
  std::vector<double> all;
  all.reserve(matches.size());
  for (const auto& match : matches) all.push_back(match.distance);
  return all;
}

std::vector<double> colours_of(const std::vector<PixelStatistics>& sprites) {
  std::vector<double> all;
  all.reserve(sprites.size());
  for (const auto& sprite : sprites) all.push_back(sprite.colours);
  return all;
}

std::vector<const Image*> pointers_to(const std::vector<Image>& images) {
  std::vector<const Image*> all;
  all.reserve(images.size());
  for (const auto& image : images) all.push_back(&image);
  return all;
}

}  // namespace

ModelEvaluation::ModelEvaluation(SpriteSet data, std::optional<SpriteSet> heldout, SpriteSampler& sampler,
                                 EvaluationOptions options)
    : sampler_(sampler), options_(std::move(options)), set_(std::move(data)) {
  result_.width = set_.width;
  result_.height = set_.height;
  result_.draws = options_.draws;
  result_.features = options_.features ? options_.features->name() : "a classifier trained on the data";
  choose_data();
  leave_out_classes();
  if (options_.count == 1)
    throw Failure(ErrorCode::kInvalidArgument, "a single sprite cannot be judged", "ask for 2 or more, or 0 for half of the data");
  if (heldout) take_heldout(*heldout);
  result_.sprites = static_cast<int>(data_.size());
  result_.heldout = static_cast<int>(heldout_.size());
  add_copies_passes();
  if (options_.only_sprites) {
    for (int draw = 0; draw < options_.draws; ++draw) {
      add_sampling_passes(draw);
      work_.add_task([this] { only_sprites_.back().images = sampler_.take(); });
    }
    return;
  }
  add_classifier_passes();
  add_features_pass(data_);
  if (heldout_.size() > 0) add_features_pass(heldout_);
  add_baseline_passes();
  for (int draw = 0; draw < options_.draws; ++draw) add_draw_passes(draw);
}

void ModelEvaluation::choose_data() {
  const std::size_t all = set_.sprites.size();
  if (all <= options_.most_data) return;
  std::vector<std::int64_t> chosen = shuffled(static_cast<std::int64_t>(all), options_.seed, 0xDA7A);
  chosen.resize(options_.most_data);
  std::sort(chosen.begin(), chosen.end());
  std::vector<LabelledSprite> sprites;
  sprites.reserve(chosen.size());
  for (const auto i : chosen) sprites.push_back(std::move(set_.sprites[static_cast<std::size_t>(i)]));
  set_.sprites = std::move(sprites);
  result_.notes.push_back(std::to_string(chosen.size()) + " of the data's " + std::to_string(all) +
                          " sprites are compared with, chosen by the seed: a copy of another one is not found");
}

void ModelEvaluation::leave_out_classes() {
  const std::set<std::string> known(options_.model_classes.begin(), options_.model_classes.end());
  std::set<std::string> unknown;
  shared_ = set_;
  shared_.sprites.clear();
  for (std::size_t i = 0; i < set_.sprites.size(); ++i) {
    const LabelledSprite& sprite = set_.sprites[i];
    const std::string& name = set_.classes[static_cast<std::size_t>(sprite.class_index)];
    if (!known.empty() && !known.contains(name)) {
      unknown.insert(name);
      continue;
    }
    shared_places_.push_back(static_cast<int>(i));
    shared_.sprites.push_back(sprite);
    data_.images.push_back(sprite.image);
    data_.classes.push_back(sprite.class_index);
  }
  if (data_.size() < kFewest) {
    throw Failure(ErrorCode::kUnsupported,
                  "there are only " + std::to_string(data_.size()) + " sprites of classes that the model has",
                  "give the data that it was trained on: at least " + std::to_string(kFewest) + " sprites");
  }
  if (!unknown.empty())
    result_.notes.push_back("the model has no class " + joined({unknown.begin(), unknown.end()}, ", ") + ": left out");
  for (const auto& name : set_.classes) result_.classes.push_back({name, 0, {}, {}});
  for (const int c : data_.classes) ++result_.classes[static_cast<std::size_t>(c)].sprites;
}

void ModelEvaluation::take_heldout(const SpriteSet& set) {
  if (set.width != set_.width || set.height != set_.height) {
    throw Failure(ErrorCode::kInvalidArgument, "the held-out sprites are " + size_text(set) + ", the data's " + size_text(set_),
                  "give sprites of one size");
  }
  for (const auto& sprite : set.sprites) {
    const std::string& name = set.classes[static_cast<std::size_t>(sprite.class_index)];
    const auto found = std::lower_bound(set_.classes.begin(), set_.classes.end(), name);
    const auto index = static_cast<std::size_t>(found - set_.classes.begin());
    if (found == set_.classes.end() || *found != name || result_.classes[index].sprites == 0) continue;
    heldout_.images.push_back(sprite.image);
    heldout_.classes.push_back(static_cast<int>(index));
  }
  if (heldout_.size() < kFewest) {
    throw Failure(ErrorCode::kInvalidArgument,
                  std::to_string(heldout_.size()) + " held-out sprites are of classes that the model and the data have",
                  "leave them out, or give at least " + std::to_string(kFewest));
  }
  if (heldout_.size() < set.sprites.size())
    result_.notes.push_back(std::to_string(set.sprites.size() - heldout_.size()) +
                            " held-out sprites of other classes are left out");
}

void ModelEvaluation::add_copies_passes() {
  std::vector<const Image*> images;
  images.reserve(set_.sprites.size());
  for (const auto& sprite : set_.sprites) images.push_back(&sprite.image);
  copies_ = {std::make_unique<DuplicateSearch>(images), std::make_unique<DuplicateSearch>(pointers_to(heldout_.images))};
  for (auto& search : copies_) {
    work_.add_pass([&] { return search->count(); }, kSpritesAStep, [&](std::size_t i) { search->look_at(i); });
    work_.add_pass([&] { return search->count(); }, kComparedAStep, [&](std::size_t i) { search->compare(i); });
  }
  work_.add_task([this] {
    const std::vector<int> groups = copies_[0]->groups();
    for (const int place : shared_places_) data_.groups.push_back(groups[static_cast<std::size_t>(place)]);
    heldout_.groups = copies_[1]->groups();
    part_copies_if_needed();
    classifier_groups_ = groups;
  });
}

void ModelEvaluation::add_sampling_passes(int draw) {
  work_.add_task([this, draw] { begin_draw(draw); });
  work_.add_pass([this] { return sampler_.steps(); }, 1, [this](std::size_t) { sampler_.step(); });
}

void ModelEvaluation::add_classifier_passes() {
  work_.add_task([this] { training_ = std::make_unique<ClassifierTraining>(set_, classifier_groups_, options_.cache); });
  work_.add_pass([this] { return static_cast<std::size_t>(training_->total()); }, 1, [this](std::size_t) { training_->step(); });
  work_.add_task([this] {
    classifier_ = training_->take();
    training_.reset();
    result_.validation_accuracy = classifier_->validation_accuracy;
  });
}

// Near copies stay together, unless that leaves one half with less than a quarter of the sprites.
void ModelEvaluation::part_copies_if_needed() {
  const Split split = split_set(shared_, 0.5, options_.seed, data_.groups);
  if (4 * std::min(split.train.size(), split.validation.size()) >= data_.size()) return;
  std::iota(data_.groups.begin(), data_.groups.end(), 0);
  result_.notes.push_back(
      "most of the data is near copies of each other, so they are in both halves: drawn sprites score too well");
}

// `set` must stay where it is.
void ModelEvaluation::add_features_pass(FeaturedSet& set) {
  const std::size_t size = options_.features ? kScriptPicturesAStep : kPicturesAStep;
  const auto steps = [&set, size] { return (set.size() + size - 1) / size; };
  work_.add_pass(steps, 1, [this, &set, size, steps](std::size_t i) {
    if (i == 0) {
      feature_parts_.clear();
      set.predicted.clear();
    }
    const auto first = set.images.begin() + static_cast<std::ptrdiff_t>(i * size);
    const auto end = set.images.begin() + static_cast<std::ptrdiff_t>(std::min((i + 1) * size, set.size()));
    const std::vector<Image> part(first, end);
    const SpriteClassifier::Answers answers = classifier_->look_at(part);
    set.predicted.insert(set.predicted.end(), answers.classes.begin(), answers.classes.end());
    feature_parts_.push_back(options_.features ? options_.features->features(part) : answers.features);
    if (i + 1 == steps()) set.features = at::cat(feature_parts_).to(at::kDouble);
  });
}

void ModelEvaluation::add_pixels_pass(const FeaturedSet& set, const std::function<void()>& finish) {
  work_.add_pass([&set] { return set.size(); }, kSpritesAStep,
                 [this, &set, finish](std::size_t i) {
                   if (i == 0) pixels_.clear();
                   pixels_.push_back(pixel_statistics(set.images[i], habit_));
                   if (i + 1 == set.size()) finish();
                 });
}

void ModelEvaluation::add_novelty_pass(const FeaturedSet& samples, const std::unique_ptr<NoveltySearch>& search,
                                       const std::function<void()>& finish) {
  const std::size_t size = kSearchedAStep * static_cast<std::size_t>(options_.threads);
  const auto steps = [&samples, size] { return (samples.size() + size - 1) / size; };
  work_.add_pass(steps, 1, [this, &samples, &search, finish, size, steps](std::size_t i) {
    if (i == 0) matches_.assign(samples.size(), {});
    const std::size_t first = i * size;
    in_parallel(static_cast<int>(std::min(size, samples.size() - first)), options_.threads, [&](int k) {
      const std::size_t place = first + static_cast<std::size_t>(k);
      matches_[place] = search->nearest(samples.images[place]);
    });
    if (i + 1 == steps()) finish();
  });
}

// What the generated sprites are judged by: the drawn ones' pixels, and how near sprites are to the training set that the model
// never saw; without any, one half of the data to the other.
void ModelEvaluation::add_baseline_passes() {
  work_.add_task([this] {
    habit_ = pixel_habit(data_.images);
    result_.pixels.resize(heldout_.size() > 0 ? 3 : 2);
    result_.pixels[0].set = "generated";
    if (heldout_.size() > 0) result_.heldout_accuracy = class_accuracy(heldout_);
    search_ = std::make_unique<NoveltySearch>(pointers_to(data_.images));
  });
  add_pixels_pass(data_, [this] {
    data_colours_ = colours_of(pixels_);
    result_.data_colours = data_colours_;
    result_.pixels[1].set = "data";
    add_pixels(pixels_, data_colours_, result_.pixels[1]);
  });
  const auto judge = [this](const std::string& set, const std::string& against) {
    result_.judged_by_distances = distances_of(matches_);
    result_.threshold = quantile(result_.judged_by_distances, 0.05);
    result_.novelty = {{}, {}};
    result_.novelty[0].set = "generated";
    result_.novelty[0].against = "all";
    result_.novelty[1].set = set;
    result_.novelty[1].against = against;
    add_novelty(matches_, result_.threshold, result_.novelty[1]);
  };
  if (heldout_.size() > 0) {
    add_pixels_pass(heldout_, [this] {
      result_.pixels[2].set = "held-out";
      add_pixels(pixels_, data_colours_, result_.pixels[2]);
    });
    add_novelty_pass(heldout_, search_, [judge] { judge("held-out", "all"); });
    return;
  }
  work_.add_task([this] {
    const Halves halves = halves_of(0);
    baseline_training_ = data_.select(halves.first);
    baseline_ = data_.select(halves.second);
    baseline_search_ = std::make_unique<NoveltySearch>(pointers_to(baseline_training_.images));
  });
  add_novelty_pass(baseline_, baseline_search_, [judge] { judge("drawn", "half"); });
}

Halves ModelEvaluation::halves_of(int draw) const {
  const std::uint64_t seed = options_.seed + static_cast<std::uint64_t>(draw);
  const Split split = split_set(shared_, 0.5, seed, data_.groups);
  std::size_t size = std::min(split.train.size(), split.validation.size());
  if (size < 2) throw Failure(ErrorCode::kUnsupported, "the data cannot be split into halves", "give more sprites of each class");
  size = std::min(size, static_cast<std::size_t>(options_.count > 0 ? options_.count : EvaluationOptions::kMostByDefault));
  const auto some_of = [&](const std::vector<int>& members, std::uint64_t stream) {
    std::vector<std::int64_t> some;
    for (const auto i : shuffled(static_cast<std::int64_t>(members.size()), seed, stream)) {
      if (some.size() < size) some.push_back(members[static_cast<std::size_t>(i)]);
    }
    return some;
  };
  return {some_of(split.train, 0xA), some_of(split.validation, 0xB)};
}

void ModelEvaluation::begin_draw(int draw) {
  halves_ = halves_of(draw);
  const auto count = options_.count > 0 ? static_cast<std::size_t>(options_.count) : halves_.second.size();
  result_.count = static_cast<int>(count);
  generated_ = {};
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) {
    const int c = data_.classes[static_cast<std::size_t>(halves_.second[i % halves_.second.size()])];
    generated_.classes.push_back(c);
    generated_.groups.push_back(static_cast<int>(i));
    names.push_back(options_.model_classes.empty() ? "" : set_.classes[static_cast<std::size_t>(c)]);
  }
  sampler_.begin(names, first_seed(draw));
  if (options_.only_sprites) only_sprites_.push_back({std::move(names), first_seed(draw), {}});
}

// Draws share no seed.
std::uint64_t ModelEvaluation::first_seed(int draw) const {
  return options_.seed + static_cast<std::uint64_t>(draw) * std::max(data_.size(), static_cast<std::size_t>(options_.count));
}

void ModelEvaluation::take_generated() {
  generated_.images = sampler_.take();
  const Image& sprite = generated_.images.front();
  if (sprite.width != set_.width || sprite.height != set_.height) {
    throw Failure(ErrorCode::kInvalidArgument,
                  "the model makes sprites of " + std::to_string(sprite.width) + "×" + std::to_string(sprite.height) +
                      "; the data's are " + size_text(set_),
                  "give data of the model's size");
  }
}

void ModelEvaluation::pair_up(int draw) {
  const bool has_classes = !options_.model_classes.empty();
  if (!has_classes) generated_.classes = generated_.predicted;
  pairs_ = make_pairs(generated_, data_, halves_, heldout_, options_.seed + static_cast<std::uint64_t>(draw));
  result_.comparisons.resize(std::max(result_.comparisons.size(), pairs_.size()));
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    describe(pairs_[i], static_cast<ComparisonPlace>(i), result_.comparisons[i]);
    if (i == kDrawn || (i != kHeldOut && !has_classes)) continue;  // the classifier was trained on these; these have no class
    result_.comparisons[i].class_accuracy.add(class_accuracy(pairs_[i].samples));
  }
}

void ModelEvaluation::add_draw_passes(int draw) {
  add_sampling_passes(draw);
  work_.add_task([this] { take_generated(); });
  add_features_pass(generated_);
  work_.add_task([this, draw] { pair_up(draw); });
  work_.add_pass([this] { return pairs_.size() * kMeasures; }, 1,
                 [this, draw](std::size_t i) {
                   const std::size_t place = i / kMeasures;
                   compare(pairs_[place], static_cast<Measure>(i % kMeasures), static_cast<int>(set_.classes.size()),
                           options_.seed + static_cast<std::uint64_t>(draw), result_.comparisons[place]);
                 });
  work_.add_task([this, draw] { measure_classes(draw); });
  // With equally many on both sides, the comparison with all of the data would be that with a half again.
  for (const std::size_t place : {std::size_t{kHalf}, std::size_t{kDrawn}, std::size_t{kAsHeldOut}, std::size_t{kHeldOut}})
    add_discriminator_pass(draw, place);
  add_pixels_pass(generated_, [this, draw] {
    add_pixels(pixels_, data_colours_, result_.pixels[0]);
    if (draw == 0) result_.generated_colours = colours_of(pixels_);
  });
  add_novelty_pass(generated_, search_, [this, draw] { judge_novelty(draw); });
}

void ModelEvaluation::add_discriminator_pass(int draw, std::size_t place) {
  const std::uint64_t seed = options_.seed + static_cast<std::uint64_t>(draw);
  const auto begin = [this, place, seed]() -> std::size_t {
    discriminator_.reset();
    if (place >= pairs_.size()) return 0;
    const auto& [samples, reference] = pairs_[place];
    const auto both = matched_by_class(samples.classes, reference.classes, seed);
    discriminator_ = std::make_unique<Discriminator>(side_of(samples.select(firsts_of(both))),
                                                     side_of(reference.select(seconds_of(both))), kFolds, seed, options_.threads);
    return static_cast<std::size_t>(discriminator_->total());
  };
  work_.add_pass(begin, 1, [this, place](std::size_t) {
    if (!discriminator_->step()) result_.comparisons[place].told_apart.add(discriminator_->accuracies());
  });
}

// Class by class, against the half: the counts are equal.
void ModelEvaluation::measure_classes(int draw) {
  const auto& [samples, reference] = pairs_[kHalf];
  const auto covered = coverage_by_class(samples.features, samples.classes, reference.features, reference.classes,
                                         static_cast<int>(set_.classes.size()));
  for (std::size_t c = 0; c < result_.classes.size(); ++c) {
    ClassResult& result = result_.classes[c];
    std::vector<std::int64_t> members;
    for (std::size_t i = 0; i < generated_.size(); ++i) {
      if (generated_.classes[i] == static_cast<int>(c)) members.push_back(static_cast<std::int64_t>(i));
    }
    result.coverage.add(covered[c]);
    if (!members.empty() && !options_.model_classes.empty()) result.accuracy.add(class_accuracy(generated_.select(members)));
    if (members.empty() || draw > 0) continue;
    members.resize(std::min(members.size(), kSamplesOfAClass));
    result_.samples.push_back({result.name, generated_.select(members).images});
  }
}

void ModelEvaluation::judge_novelty(int draw) {
  add_novelty(matches_, result_.threshold, result_.novelty[0]);
  if (draw == 0) result_.generated_distances = distances_of(matches_);
  for (std::size_t i = 0; i < matches_.size(); ++i) {
    const NearestMatch& match = matches_[i];
    if (!is_suspect(match, result_.threshold)) continue;
    result_.suspects.push_back({generated_.images[i], data_.images[match.index], shared_.sprites[match.index].file,
                                set_.classes[static_cast<std::size_t>(generated_.classes[i])], first_seed(draw) + i, match});
  }
  std::stable_sort(result_.suspects.begin(), result_.suspects.end(),
                   [](const Suspect& a, const Suspect& b) { return a.match.distance < b.match.distance; });
}

}  // namespace kiln
