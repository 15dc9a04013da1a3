#include "app/state/edit_palette.h"

#include <algorithm>
#include <map>
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

// At most so many colours of the pixels that are not fully transparent: those that most pixels have.
std::vector<Rgb8> most_used(const std::vector<Image>& images, std::size_t most) {
  std::map<Rgb8, std::size_t> pixels;
  for (const Image& image : images) {
    for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
      if (image.rgba[i + 3] > 0) ++pixels[{image.rgba[i], image.rgba[i + 1], image.rgba[i + 2]}];
    }
  }
  std::vector<std::pair<Rgb8, std::size_t>> counted(pixels.begin(), pixels.end());
  std::stable_sort(counted.begin(), counted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<Rgb8> colours;
  for (std::size_t i = 0; i < std::min(most, counted.size()); ++i) colours.push_back(counted[i].first);
  return colours;
}

}  // namespace

void EditPalette::follow_sprite(const Image& image, bool another) {
  follow_pixels(PaletteSource::kSprite, visible_colours({image}), another);
}

void EditPalette::follow_batch(const std::vector<Image>& images, bool another) {
  follow_pixels(PaletteSource::kBatch, most_used(images, kMostOfBatch), another);
}

void EditPalette::follow_pixels(PaletteSource of, const std::vector<Rgb8>& there, bool another) {
  std::vector<Rgb8>& own = list(of);
  std::set<Rgb8>& added = added_[static_cast<std::size_t>(of)];
  if (another) {
    added.clear();
    own = dark_to_light(there);
    return;
  }
  const std::set<Rgb8> wanted(there.begin(), there.end());
  std::erase_if(own, [&](Rgb8 colour) { return !wanted.contains(colour) && !added.contains(colour); });
  for (const Rgb8& colour : there) {
    if (std::find(own.begin(), own.end(), colour) == own.end()) own.push_back(colour);
  }
}

void EditPalette::follow(PaletteSource of, Palette& before, const Palette& palette) {
  if (palette == before) return;
  before = palette;
  list(of) = each_once(palette.colours);
  if (palette.colours.empty() && source == of) source = PaletteSource::kSprite;
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
    case PaletteSource::kBatch:
      return {"all sprites'", colours()};
    case PaletteSource::kModel:
      return {model_.name, colours()};
    case PaletteSource::kDataset:
      return {dataset_.name, colours()};
    case PaletteSource::kFile:
      break;
  }
  return {file_.name, colours()};
}

bool EditPalette::has(Rgb8 colour) const { return std::find(colours().begin(), colours().end(), colour) != colours().end(); }

void EditPalette::add(Rgb8 colour) {
  added_[static_cast<std::size_t>(source)].insert(colour);
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
