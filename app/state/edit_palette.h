#pragma once

#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/palette.h"

namespace kiln {

enum class PaletteSource { kSprite, kBatch, kModel, kDataset, kFile };

// The colours that are offered for drawing: the sprite's own, those of all sprites of the batch, the model's, the open data set's,
// or those of a file; each in the order that the artist gave them, with the ones that were added.
class EditPalette {
 public:
  static constexpr std::size_t kMostOfBatch = 256;  // colours; of more, the most used ones

  PaletteSource source = PaletteSource::kSprite;

  // What the sprite has: colours that are new go to the end, those that are gone go. Of `another` sprite: from dark to light, anew.
  void follow_sprite(const Image& image, bool another);
  // The same with what all sprites have. Of `another` batch: anew.
  void follow_batch(const std::vector<Image>& images, bool another);
  // Nothing happens if it is the same as before. Without colours there is none to show.
  void follow_model(const Palette& palette) { follow(PaletteSource::kModel, model_, palette); }
  void follow_dataset(const Palette& palette) { follow(PaletteSource::kDataset, dataset_, palette); }
  void load(Palette palette);                             // and shows it
  const std::string& file() const { return file_.name; }  // "": none was loaded

  Palette shown() const;  // with its name
  const std::vector<Rgb8>& colours() const { return lists_[static_cast<std::size_t>(source)]; }
  bool has(Rgb8 colour) const;
  void add(Rgb8 colour);  // once
  // The colour at `from` comes to stand at `to`.
  void move(std::size_t from, std::size_t to);

 private:
  std::vector<Rgb8>& list(PaletteSource of) { return lists_[static_cast<std::size_t>(of)]; }
  void follow(PaletteSource of, Palette& before, const Palette& palette);
  void follow_pixels(PaletteSource of, const std::vector<Rgb8>& there, bool another);

  std::array<std::vector<Rgb8>, 5> lists_;
  std::array<std::set<Rgb8>, 5> added_;  // by the artist; to the sprite's and the batch's
  Palette model_, dataset_, file_;
};

}  // namespace kiln
