#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "engine/formats/ase/ase_cel_painter.h"
#include "engine/formats/ase/ase_document.h"

namespace kiln {

// Whether the layer is among those that are drawn: visible, no reference, and its pixels in the file.
bool is_drawn(const AseDocument& document, const AseLayer& layer);

// Makes the frames of an Aseprite file from its cels.
class AseCompositor {
 public:
  // The document must outlive the compositor. Throws Failure: kCorrupt (a tilemap without tileset), kUnsupported (more to draw than
  // read_ase's limits).
  AseCompositor(const AseDocument& document, std::string_view file);

  // The next frame. Throws Failure(kCorrupt).
  Image next_frame();

  // Of the frame made last.
  const AsePalette& palette() const { return palette_; }

  // Whether something was left out: pixels whose colour, or tile, is not there; cels of a kind that is not known.
  bool missing_colours() const { return painter_.missing_colours(); }
  bool missing_tiles() const { return painter_.missing_tiles(); }
  bool unknown_cels() const { return unknown_cels_; }

 private:
  struct Item;
  void update_palette();
  void check_tilesets() const;
  void check_work() const;
  std::uint64_t cel_work(const AseCel& cel, std::size_t frame) const;
  void draw(std::vector<Item> items, Image& canvas);
  void draw_group(const std::vector<const AseCel*>& cels, int group, Image& canvas);
  void draw_item(const Item& item, Image& canvas);
  float opacity_of(const AseCel& cel) const;

  const AseDocument& document_;
  std::string_view file_;
  AseCelPainter painter_;
  AsePalette palette_;
  std::size_t frame_ = 0, palette_change_ = 0;  // the next ones
  bool unknown_cels_ = false;
};

}  // namespace kiln
