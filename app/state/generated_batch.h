#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "app/state/fade.h"
#include "engine/api/frame.h"
#include "engine/api/model_info.h"
#include "engine/api/sampling.h"

namespace kiln {

// What made a sprite of a batch, beside its recipe.
struct SpriteOrigin {
  std::string model_path;
  std::shared_ptr<const Fade> fade;  // how it formed; null: not kept
  int index = 0;                     // of it in that
  int step = 0;                      // steps done
  int total = 0;                     // of so many
};

// The sprites that one Generate made or is making, as pixels. Some of them may have been made anew since.
struct GeneratedBatch {
  JobId job;  // none: nothing was generated yet
  SampleRequest request;
  std::string model;                 // name, for showing
  std::vector<std::string> classes;  // of the model, in its order
  std::vector<int> frames;           // of the model's animations (ModelInfo)
  int width = 0;                     // of one sprite
  int height = 0;
  int step = 0;  // that `rgba` shows; 0 before the first frame
  int total = 0;
  std::vector<std::uint8_t> rgba;     // count * height * width * 4; empty before the first frame
  std::vector<Sprite> sprites;        // when it ended
  std::vector<SpriteOrigin> origins;  // of each sprite, when it ended
  bool passing = false;               // a moment of a control that is being moved: the next batch replaces it
  std::set<int> edited;               // which sprites were changed by hand since
  std::uint64_t version = 0;          // another number whenever the pixels are others

  int count() const { return job ? static_cast<int>(get_int(request.settings.shared_params, "count")) : 0; }
  bool has_pixels() const { return !rgba.empty(); }
  // Sprite `index` as it looks now. `has_pixels()` must hold.
  Image image(int index) const;
  std::vector<Image> images() const;
  // Of all sprites, or of one; none before they are finished.
  std::vector<SpriteRecipe> recipes() const;
  std::vector<SpriteRecipe> recipes(int index) const;
  // The sprite looks like this from now on, with whether that was done by hand. `image` must be of a sprite's size.
  void put(int index, const Image& image, bool by_hand);

  std::uint64_t seed(int index) const;
  Condition condition(int index) const;
  int frame(int index) const;  // of the animation that it is of, from 1; 0: of none
  int step_of(int index) const;
  int total_of(int index) const;

  // Puts a sprite's pixels in place; `has_pixels()` must hold, and `pixels` be of a sprite's size.
  void put(int index, std::span<const std::uint8_t> pixels);
  // Finished sprites of the batch's size, behind the others, which must be finished too; `origins`: of each.
  void add(const std::vector<Sprite>& more, const std::vector<SpriteOrigin>& their_origins);
  // The same batch with these of its sprites only. They must be finished.
  GeneratedBatch with_only(const std::vector<int>& places) const;
};

// "potion", "potion 0.5 + sword 0.5", "no class".
std::string describe(const Condition& condition);

// A class's name for showing: "slime elemental" for "slime_elemental".
std::string display_name(std::string name);

}  // namespace kiln
