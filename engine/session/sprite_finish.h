#pragma once

#include <optional>
#include <string>
#include <utility>

#include "engine/base/param_spec.h"
#include "engine/network/model.h"
#include "engine/pixelart/palette_map.h"
#include "engine/session/init_image.h"
#include "engine/session/pixels.h"

namespace kiln {

// How a network's numbers become sprites to keep: hard alpha where the model's training sprites had it, no stray
// pixels, colours of the palette that was asked for (or the model's own).
class SpriteFinish {
 public:
  // `values`: of sampling_specs(), whole. Throws as read_palette_choice.
  SpriteFinish(const Model& model, const ParamMap& values);
  // As a request without values of its own.
  explicit SpriteFinish(const Model& model);

  // These are the same in every sprite and preview, to the byte.
  void keep(std::optional<KeptPixels> pixels) { kept_ = std::move(pixels); }

  // Sprites on their way: alpha stays as predicted, and colours that are fitted to the finished sprites are not there yet.
  Frame preview(const at::Tensor& x) const;

  struct Finished {
    Frame frame;
    std::string palette;  // the parameter “palette” with which each sprite alone comes out the same
  };
  Finished finished(const at::Tensor& x) const;

 private:
  void finish(Finished& finished) const;
  void finish_colours(Finished& finished) const;
  void map_finished(Frame& frame, const PaletteMap& colours) const;

  AlphaFinish alpha_;
  bool cleans_;                        // stray colours are taken away
  bool remove_strays_;                 // and, of sprites with hard alpha, stray pixels
  double merge_distance_;              // 0: none
  int most_colours_;                   // in a finished sprite; 0: any number
  std::string palette_;                // as asked for
  int fitted_ = 0;                     // colours; 0: none are fitted
  std::optional<PaletteMap> colours_;  // none: as predicted
  PaletteEntries entries_;             // of a palette head with half-transparent ones; they come before colours_
  std::optional<KeptPixels> kept_;
};

}  // namespace kiln
