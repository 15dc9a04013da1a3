#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>

#include "engine/base/rect.h"
#include "engine/data/copies.h"
#include "engine/data/pixel_store.h"
#include "engine/data/sprite_source.h"
#include "engine/data/stepped_work.h"
#include "engine/formats/palette_choice.h"
#include "engine/pixelart/palette_fit.h"

namespace kiln {

// Does preprocessing to a collection, in small steps.
class PreprocessingWork {
 public:
  // Throws Failure(kInvalidArgument) for values that cannot be used, and as read_palette_choice.
  PreprocessingWork(SpriteCollection& collection, Preprocessing preprocessing);
  PreprocessingWork(const PreprocessingWork&) = delete;
  PreprocessingWork& operator=(const PreprocessingWork&) = delete;

  // False when nothing is left. Throws Failure(kInvalidArgument) for classes that are not there.
  bool step() { return work_.step(); }
  std::int64_t done() const { return work_.done(); }
  std::int64_t total() const { return work_.total(); }

 private:
  void add_passes();
  void add_pass(std::function<void(std::size_t)> each);
  void change_each(std::function<void(Image&)> change);
  void drop_empty();
  void crop();
  void join_crops();
  void use_palette();
  void drop_equal();
  void drop_near();
  void put_aside(const std::vector<std::string>& classes);
  void sort_classes();
  void sort_flips(const std::map<std::string, std::string>& renames);
  void find_grids();
  int factor_of(const Image& image) const;
  void drop_copies(const std::vector<std::vector<std::size_t>>& groups, const char* what);
  void remove_marked();

  SpriteCollection& collection_;
  Preprocessing preprocessing_;
  std::map<std::pair<int, int>, int> grids_;  // by size
  std::set<Rgb8> backgrounds_;                // suspected, of all sprites
  PaletteChoice palette_;
  std::optional<PaletteFitter> fitter_;
  std::vector<Rect> crops_;  // by sprite
  EqualSearch equal_;
  std::optional<NearSearch> near_;
  std::vector<bool> unwanted_;  // by sprite
  PixelStore store_;            // of the images that the pass under way changes
  SteppedWork work_;
};

// What all sprites of one size were enlarged by.
int grid_of_sprites(const std::vector<DatasetSprite>& sprites, const std::vector<std::size_t>& members);

}  // namespace kiln
