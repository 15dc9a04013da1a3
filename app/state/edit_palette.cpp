#include "app/state/edit_palette.h"

#include <algorithm>
#include <utility>

#include "engine/pixelart/palette_fit.h"
#include "engine/pixelart/recolour.h"

namespace kiln {
namespace {

std::vector<Rgb8> each_once(const std::vector<Rgb8>& colours) {
  std::vector<Rgb8> once;
  std::set<Rgb8> seen;
  for (const Rgb8& colour : colours) {
    if (seen.insert(colour).second) once.push_back(colour);
  }
  return once;
}

}  // namespace

void EditPalette::follow_sprite(const Image& image, bool another) {
  std::vector<Rgb8>& own = list(PaletteSource::kSprite);
  const std::vector<Rgb8> there = visible_colours({image});
  if (another) {
    added_.clear();
    own = dark_to_light(there);
    return;
  }
  const std::set<Rgb8> wanted(there.begin(), there.end());
  std::erase_if(own, [&](Rgb8 colour) { return !wanted.contains(colour) && !added_.contains(colour); });
  for (const Rgb8& colour : there) {
    if (std::find(own.begin(), own.end(), colour) == own.end()) own.push_back(colour);
  }
}

void EditPalette::follow_model(const Palette& palette) {
  if (palette == model_) return;
  model_ = palette;
  list(PaletteSource::kModel) = each_once(palette.colours);
  if (palette.colours.empty() && source == PaletteSource::kModel) source = PaletteSource::kSprite;
}

void EditPalette::load(Palette palette) {
  list(PaletteSource::kFile) = each_once(palette.colours);
  file_ = std::move(palette);
  source = PaletteSource::kFile;
}

Palette EditPalette::shown() const {
  switch (source) {
    case PaletteSource::kSprite:
      return {"the sprite's", colours()};
    case PaletteSource::kModel:
      return {model_.name, colours()};
    case PaletteSource::kFile:
      break;
  }
  return {file_.name, colours()};
}

bool EditPalette::has(Rgb8 colour) const { return std::find(colours().begin(), colours().end(), colour) != colours().end(); }

void EditPalette::add(Rgb8 colour) {
  if (source == PaletteSource::kSprite) added_.insert(colour);
  if (!has(colour)) list(source).push_back(colour);
}

void EditPalette::move(std::size_t from, std::size_t to) {
  std::vector<Rgb8>& colours = list(source);
  if (from >= colours.size() || to >= colours.size()) return;
  const auto at = [&](std::size_t i) { return colours.begin() + static_cast<std::ptrdiff_t>(i); };
  if (from < to) {
    std::rotate(at(from), at(from + 1), at(to + 1));
  } else {
    std::rotate(at(to), at(from), at(from + 1));
  }
}

}  // namespace kiln
