#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "engine/data/sprite_set.h"
#include "engine/quality/novelty.h"
#include "engine/session/strip_drawer.h"

namespace kiln {

// How new the sprites are that a run's model draws: whether it draws others than those that it is trained on, or these by heart.
class NoveltyCheck {
 public:
  static constexpr int kSamples = 64;  // at least, spread over the classes

  // Of the sprites `members` of `set`, not empty, which must outlive this; of very many, of some spread over them.
  NoveltyCheck(const SpriteSet& set, const std::vector<int>& members);

  // The drawer draws what is looked at.
  void begin(std::unique_ptr<StripDrawer> drawer);
  bool under_way() const { return drawer_ != nullptr; }
  // One piece; false when the samples are looked at.
  bool step();
  void give_up() { drawer_.reset(); }

  // Of the samples that were looked at last: the median share of pixels that differ from the nearest training sprite
  // (NearestMatch), divided by the same median of training sprites beside the others. 1: as new as these are to each other; 0:
  // copies. Of training sprites that are mostly copies of each other 1.
  double novelty() const;
  double near_copies() const;  // the share of near copies among them

 private:
  std::vector<const Image*> training_;
  NoveltySearch search_;
  std::vector<NearestMatch> drawn_;  // training sprites, each beside the others
  std::unique_ptr<StripDrawer> drawer_;
  std::vector<Image> samples_;
  std::vector<NearestMatch> matches_;
};

}  // namespace kiln
