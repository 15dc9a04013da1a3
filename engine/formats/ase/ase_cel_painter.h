#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "engine/formats/ase/ase_blend.h"
#include "engine/formats/ase/ase_document.h"
#include "engine/formats/ase/ase_pixels.h"

namespace kiln {

// Draws single cels of an Aseprite file, row by row, so that no cel is in memory as a whole; tiles are kept.
class AseCelPainter {
 public:
  // The document must outlive the painter; `file` is what errors call it.
  AseCelPainter(const AseDocument& document, std::string_view file);

  // What indexed pixels mean from now on.
  void use_palette(const AsePalette& palette);

  // Blends the cel, of this frame, into the canvas; what lies outside is left out. `opacity` is in [0, 1].
  // Throws Failure(kCorrupt) if the stored pixels are damaged or too few.
  void paint(const AseCel& cel, std::size_t frame, AseBlend mode, float opacity, Image& canvas);

  // Whether pixels were left out because the palette, or the tileset, does not have what they name.
  bool missing_colours() const { return missing_colours_; }
  bool missing_tiles() const { return missing_tiles_; }

 private:
  // A row of a cel, its width in pixels, on its way to the canvas.
  struct Target {
    Image& canvas;
    AseBlend mode;
    float opacity;
    const AsePixels& pixels;
  };
  void paint_pixels(const AseCel& cel, std::size_t frame, const Target& target);
  void paint_tiles(const AseCel& cel, std::size_t frame, const Target& target);
  void paint_row(const std::vector<std::uint8_t>& stored, int x, int y, const Target& target);
  void copy_tile_row(const AseTileset& tileset, const std::vector<std::uint8_t>& tiles, std::uint32_t tile, const AseTileBits& bits,
                     int y, std::uint8_t* to);
  const std::vector<std::uint8_t>& tiles_of(std::uint32_t id);

  const AseDocument& document_;
  std::string_view file_;
  std::size_t bytes_per_pixel_;
  AsePixels layer_pixels_, background_pixels_;
  std::map<std::uint32_t, std::vector<std::uint8_t>> tiles_;  // by tileset, as stored
  std::vector<std::uint8_t> rgba_;                            // a row
  bool missing_colours_ = false, missing_tiles_ = false;
};

}  // namespace kiln
