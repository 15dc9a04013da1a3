#include "engine/session/sprite_finish.h"

#include <algorithm>

#include "engine/api/sampling.h"
#include "engine/formats/palette_choice.h"
#include "engine/pixelart/extremes.h"
#include "engine/pixelart/fewer_colours.h"
#include "engine/pixelart/near_colours.h"
#include "engine/pixelart/palette_fit.h"
#include "engine/pixelart/strays.h"

namespace kiln {
namespace {

void map_colours(Frame& frame, const PaletteMap& colours) {
  for (std::size_t i = 0; i < frame.rgba.size(); i += 4) {
    std::uint8_t* pixel = &frame.rgba[i];
    if (pixel[3] == 0) continue;
    const Rgb8 colour = colours.nearest({pixel[0], pixel[1], pixel[2]});
    pixel[0] = colour.r, pixel[1] = colour.g, pixel[2] = colour.b;
  }
}

template <class Change>
void change_each(Frame& frame, Change change) {
  auto to = frame.rgba.begin();
  for (int i = 0; i < frame.count; ++i) {
    const Image sprite = change(frame.sprite(i));
    to = std::copy(sprite.rgba.begin(), sprite.rgba.end(), to);
  }
}

void map_entries(Frame& frame, const PaletteEntries& entries) {
  change_each(frame, [&](const Image& sprite) { return map_to_entries(sprite, entries); });
}

}  // namespace

SpriteFinish::SpriteFinish(const Model& model) : SpriteFinish(model, defaults_of(sampling_specs_of(model.facts.sampling))) {}

SpriteFinish::SpriteFinish(const Model& model, const ParamMap& values)
    : alpha_(model.facts.hard_alpha ? AlphaFinish::kHard : AlphaFinish::kSnapped),
      cleans_(get_bool(values, "remove_strays")),
      remove_strays_(model.facts.hard_alpha && cleans_),
      merge_distance_(get_real(values, "merge_colours")),
      most_colours_(static_cast<int>(get_int(values, "most_colours"))),
      palette_(get_text(values, "palette")) {
  if (palette_ == kAnyColours) return;
  if (palette_ == kModelPalette) {
    if (!model.facts.palette.colours.empty()) colours_.emplace(model.facts.palette);
    if (!model.facts.hard_alpha) entries_ = model.palette_head;
    return;
  }
  const PaletteChoice choice = read_palette_choice(palette_);
  fitted_ = choice.fitted;
  if (fitted_ > 0) return;
  colours_.emplace(choice.palette);
  palette_ = colours_text(choice.palette);  // a file may change
}

Frame SpriteFinish::preview(const at::Tensor& x) const {
  Frame frame = to_frame(x, AlphaFinish::kAsIs);
  if (!entries_.empty())
    map_entries(frame, entries_);
  else if (colours_)
    map_colours(frame, *colours_);
  if (kept_) kept_->put_into(frame);
  return frame;
}

SpriteFinish::Finished SpriteFinish::finished(const at::Tensor& x) const {
  Finished finished{to_frame(x, alpha_), palette_};
  if (kept_) kept_->put_into(finished.frame);  // strays and fitted colours are those of the whole sprite
  finish(finished);
  if (kept_) kept_->put_into(finished.frame);
  return finished;
}

void SpriteFinish::finish(Finished& finished) const {
  if (remove_strays_) change_each(finished.frame, without_strays);
  if (merge_distance_ > 0)
    change_each(finished.frame,
                [&](const Image& sprite) { return with_near_colours_merged(with_extremes_settled(sprite), merge_distance_); });
  finish_colours(finished);
  if (most_colours_ > 0)
    change_each(finished.frame, [&](const Image& sprite) { return with_fewer_colours(sprite, most_colours_); });
}

void SpriteFinish::finish_colours(Finished& finished) const {
  if (fitted_ > 0) {
    const Palette palette = fit_palette(sprites_of(finished.frame), fitted_);
    if (palette.colours.empty()) return;
    map_finished(finished.frame, PaletteMap(palette));
    finished.palette = colours_text(palette);
  } else if (!entries_.empty()) {
    map_entries(finished.frame, entries_);
    if (cleans_) change_each(finished.frame, without_stray_colours);
  } else if (colours_) {
    map_finished(finished.frame, *colours_);
  }
}

void SpriteFinish::map_finished(Frame& frame, const PaletteMap& colours) const {
  if (!remove_strays_) return map_colours(frame, colours);
  change_each(frame, [&](const Image& sprite) { return without_stray_colours(colours.smoothly(sprite)); });
}

}  // namespace kiln
