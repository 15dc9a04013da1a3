#pragma once

#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/palette.h"

namespace kiln {

enum class PaletteSource { kSprite, kModel, kFile };

// The colours that are offered for drawing: the sprite's own, the model's, or those of a file; each in the order that the artist
// gave them, with the ones that were added.
class EditPalette {
 public:
  PaletteSource source = PaletteSource::kSprite;

  // What the sprite has: colours that are new go to the end, those that are gone go. Of `another` sprite: from dark to light, anew.
  void follow_sprite(const Image& image, bool another);
  // Nothing happens if it is the same as before.
  void follow_model(const Palette& palette);
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

  std::array<std::vector<Rgb8>, 3> lists_;
  std::set<Rgb8> added_;  // to the sprite's
  Palette model_, file_;
};

}  // namespace kiln
