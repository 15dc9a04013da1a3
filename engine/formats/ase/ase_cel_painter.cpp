#include "engine/formats/ase/ase_cel_painter.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "engine/formats/ase/ase_bytes.h"

namespace kiln {
namespace {

std::size_t size_of(int pixels) { return static_cast<std::size_t>(pixels); }

std::uint32_t read_tile(const std::uint8_t* at, int bytes) {
  std::uint32_t value = 0;
  for (int i = 0; i < bytes; ++i) value |= std::uint32_t{at[i]} << (8 * i);
  return value;
}

}  // namespace

AseCelPainter::AseCelPainter(const AseDocument& document, std::string_view file)
    : document_(document),
      file_(file),
      bytes_per_pixel_(size_of(document.header.bytes_per_pixel)),
      layer_pixels_(document.header.bytes_per_pixel, {}, 0),
      background_pixels_(document.header.bytes_per_pixel, {}, -1) {}

void AseCelPainter::use_palette(const AsePalette& palette) {
  layer_pixels_ = AsePixels(document_.header.bytes_per_pixel, palette, document_.header.transparent_index);
  background_pixels_ = AsePixels(document_.header.bytes_per_pixel, palette, -1);
}

void AseCelPainter::paint(const AseCel& cel, std::size_t frame, AseBlend mode, float opacity, Image& canvas) {
  if (cel.width == 0 || cel.height == 0) return;
  const AsePixels& pixels = document_.layers[cel.layer].background ? background_pixels_ : layer_pixels_;
  const Target target{canvas, mode, opacity, pixels};
  cel.kind == AseCel::Kind::kTilemap ? paint_tiles(cel, frame, target) : paint_pixels(cel, frame, target);
}

void AseCelPainter::paint_pixels(const AseCel& cel, std::size_t frame, const Target& target) {
  AseStream stream(cel.data, cel.kind == AseCel::Kind::kCompressed);
  std::vector<std::uint8_t> row(size_of(cel.width) * bytes_per_pixel_);
  bool whole = true;
  for (int y = 0; y < cel.height && whole; ++y) {
    whole = stream.read(row);
    if (whole) paint_row(row, cel.x, cel.y + y, target);
  }
  if (!whole || !stream.finish()) ase_corrupt(file_, "the pixels are damaged in " + ase_cel_name(document_, cel.layer, frame));
}

void AseCelPainter::paint_tiles(const AseCel& cel, std::size_t frame, const Target& target) {
  const std::uint32_t id = document_.layers[cel.layer].tileset;
  const AseTileset& tileset = document_.tilesets.at(id);
  const std::vector<std::uint8_t>& tiles = tiles_of(id);
  AseStream stream(cel.data, true);
  const std::size_t tile_bytes = size_of(cel.tile_bits.bytes), tile_row_bytes = size_of(tileset.width) * bytes_per_pixel_;
  std::vector<std::uint8_t> map_row(size_of(cel.width) * tile_bytes), row(size_of(cel.width) * tile_row_bytes);
  bool whole = true;
  for (int map_y = 0; map_y < cel.height && whole; ++map_y) {
    whole = stream.read(map_row);
    for (int y = 0; y < tileset.height && whole; ++y) {
      for (std::size_t x = 0; x < size_of(cel.width); ++x) {
        const std::uint32_t tile = read_tile(map_row.data() + x * tile_bytes, cel.tile_bits.bytes);
        copy_tile_row(tileset, tiles, tile, cel.tile_bits, y, row.data() + x * tile_row_bytes);
      }
      paint_row(row, cel.x, cel.y + map_y * tileset.height + y, target);
    }
  }
  if (!whole || !stream.finish()) ase_corrupt(file_, "the tiles are damaged in " + ase_cel_name(document_, cel.layer, frame));
}

void AseCelPainter::paint_row(const std::vector<std::uint8_t>& stored, int x, int y, const Target& target) {
  const int width = static_cast<int>(stored.size() / bytes_per_pixel_);
  const int first = std::max(0, -x), end = std::min(width, target.canvas.width - x);
  if (y < 0 || y >= target.canvas.height || first >= end) return;
  const auto visible = std::span(stored).subspan(size_of(first) * bytes_per_pixel_, size_of(end - first) * bytes_per_pixel_);
  rgba_.resize(size_of(end - first) * 4);
  if (!target.pixels.convert(visible, rgba_)) missing_colours_ = true;
  blend_ase_row(target.canvas.pixel(x + first, y), rgba_.data(), size_of(end - first), target.mode, target.opacity);
}

// The transparent index, or 0 for grey and RGBA, stands where there is no pixel. A tile's flips are those along x and y of a tile
// whose axes were swapped before; of one that is not square, what the swap brings in from outside is left out.
void AseCelPainter::copy_tile_row(const AseTileset& tileset, const std::vector<std::uint8_t>& tiles, std::uint32_t tile,
                                  const AseTileBits& bits, int y, std::uint8_t* to) {
  const std::uint8_t nothing = bytes_per_pixel_ == 1 ? document_.header.transparent_index : 0;
  std::fill_n(to, size_of(tileset.width) * bytes_per_pixel_, nothing);
  const std::uint32_t index = bits.index == 0 ? 0 : (tile & bits.index) >> std::countr_zero(bits.index);
  if (tileset.zero_is_empty ? index == 0 : tile == 0xFFFFFFFF) return;
  if (index >= tileset.tiles) {
    missing_tiles_ = true;
    return;
  }
  const std::size_t tile_row = size_of(tileset.width) * bytes_per_pixel_;
  const std::uint8_t* from = tiles.data() + index * size_of(tileset.height) * tile_row;
  for (int x = 0; x < tileset.width; ++x, to += bytes_per_pixel_) {
    int from_x = tile & bits.x_flip ? tileset.width - 1 - x : x;
    int from_y = tile & bits.y_flip ? tileset.height - 1 - y : y;
    if (tile & bits.diagonal_flip) std::swap(from_x, from_y);
    if (from_x >= tileset.width || from_y >= tileset.height) continue;
    std::copy_n(from + size_of(from_y) * tile_row + size_of(from_x) * bytes_per_pixel_, bytes_per_pixel_, to);
  }
}

const std::vector<std::uint8_t>& AseCelPainter::tiles_of(std::uint32_t id) {
  const auto [found, fresh] = tiles_.try_emplace(id);
  if (!fresh) return found->second;
  const AseTileset& tileset = document_.tilesets.at(id);
  found->second.resize(size_of(tileset.width) * size_of(tileset.height) * tileset.tiles * bytes_per_pixel_);
  AseStream stream(tileset.data, true);
  if (!stream.read(found->second) || !stream.finish()) {
    ase_corrupt(file_, "the pixels of the tileset " + ase_quoted(tileset.name) + " are damaged");
  }
  return found->second;
}

}  // namespace kiln
