#include "engine/session/novelty_check.h"

#include <algorithm>
#include <utility>

#include "engine/quality/summaries.h"

namespace kiln {
namespace {

constexpr std::size_t kMostDrawn = 200;  // training sprites that are looked at to see how near they are to each other

std::vector<const Image*> images_of(const SpriteSet& set, const std::vector<int>& members) {
  std::vector<const Image*> images;
  for (const int member : members) images.push_back(&set.sprites[static_cast<std::size_t>(member)].image);
  return images;
}

double median_differing(const std::vector<NearestMatch>& matches) {
  std::vector<double> shares;
  for (const NearestMatch& match : matches) shares.push_back(match.differing);
  return quantile(std::move(shares), 0.5);
}

}  // namespace

NoveltyCheck::NoveltyCheck(const SpriteSet& set, const std::vector<int>& members) : search_(images_of(set, members)) {
  const std::size_t count = std::min(members.size(), kMostDrawn);
  std::vector<NearestMatch> matches;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t own = i * members.size() / count;
    matches.push_back(search_.nearest(set.sprites[static_cast<std::size_t>(members[own])].image, own));
  }
  usual_ = median_differing(matches);
}

void NoveltyCheck::begin(std::unique_ptr<StripDrawer> drawer) {
  drawer_ = std::move(drawer);
  samples_.clear();
  matches_.clear();
}

bool NoveltyCheck::step() {
  if (samples_.empty()) {
    if (!drawer_->step()) samples_ = drawer_->take().sprites;
    return true;
  }
  matches_.push_back(search_.nearest(samples_[matches_.size()]));
  if (matches_.size() < samples_.size()) return true;
  drawer_.reset();
  return false;
}

double NoveltyCheck::novelty() const { return usual_ > kNearCopy ? median_differing(matches_) / usual_ : 1; }

double NoveltyCheck::near_copies() const {
  const auto copies =
      std::count_if(matches_.begin(), matches_.end(), [](const NearestMatch& match) { return match.is_near_copy(); });
  return static_cast<double>(copies) / static_cast<double>(matches_.size());
}

}  // namespace kiln
