#include "engine/session/novelty_check.h"

#include <algorithm>
#include <utility>

#include "engine/quality/summaries.h"

namespace kiln {
namespace {

constexpr std::size_t kMostTraining = 20'000;  // that samples are compared with
constexpr std::size_t kMostDrawn = 200;        // of them, to see how near they are to each other

std::vector<const Image*> images_of(const SpriteSet& set, const std::vector<int>& members) {
  const std::size_t count = std::min(members.size(), kMostTraining);
  std::vector<const Image*> images;
  for (std::size_t i = 0; i < count; ++i)
    images.push_back(&set.sprites[static_cast<std::size_t>(members[i * members.size() / count])].image);
  return images;
}

double median_differing(const std::vector<NearestMatch>& matches) {
  std::vector<double> shares;
  for (const NearestMatch& match : matches) shares.push_back(match.differing);
  return quantile(std::move(shares), 0.5);
}

}  // namespace

NoveltyCheck::NoveltyCheck(const SpriteSet& set, const std::vector<int>& members)
    : training_(images_of(set, members)), search_(training_) {}

void NoveltyCheck::begin(std::unique_ptr<StripDrawer> drawer) {
  drawer_ = std::move(drawer);
  samples_.clear();
  matches_.clear();
}

bool NoveltyCheck::step() {
  if (const std::size_t count = std::min(training_.size(), kMostDrawn); drawn_.size() < count) {
    const std::size_t own = drawn_.size() * training_.size() / count;
    drawn_.push_back(search_.nearest(*training_[own], own));
    return true;
  }
  if (samples_.empty()) {
    if (!drawer_->step()) samples_ = drawer_->take().sprites;
    return true;
  }
  matches_.push_back(search_.nearest(samples_[matches_.size()]));
  if (matches_.size() < samples_.size()) return true;
  drawer_.reset();
  return false;
}

double NoveltyCheck::novelty() const {
  const double usual = median_differing(drawn_);
  return usual > kNearCopy ? median_differing(matches_) / usual : 1;
}

double NoveltyCheck::near_copies() const {
  const auto copies =
      std::count_if(matches_.begin(), matches_.end(), [](const NearestMatch& match) { return match.is_near_copy(); });
  return static_cast<double>(copies) / static_cast<double>(matches_.size());
}

}  // namespace kiln
