#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/formats/ase/ase_file.h"

namespace kiln {

// An Aseprite file's structure, checked, its pixels still as they are stored. The names are those of ase-file-specs.md.

constexpr int kAseLargestSide = 16384;                            // of the canvas, in pixels
constexpr std::uint64_t kAseMostPixels = std::uint64_t{1} << 26;  // of a canvas, of all frames together, and of a cel

struct AseHeader {
  int frames = 0;
  int width = 0, height = 0;         // of the canvas, in pixels
  int bytes_per_pixel = 4;           // 4: RGBA, 2: grey and alpha, 1: index
  bool layers_have_opacity = false;  // else layers are opaque
  bool groups_composite = false;     // groups are composited on their own, with opacity and blend mode
  int milliseconds = 0;              // of a frame that gives none itself
  std::uint8_t transparent_index = 0;
  int pixel_width = 1, pixel_height = 1;  // the pixel's aspect ratio
};

struct AseLayer {
  enum class Kind { kImage, kGroup, kTilemap, kUnknown };
  std::string name;
  Kind kind = Kind::kImage;
  bool visible = true;  // itself and all groups around it
  bool background = false;
  bool reference = false;
  int level = 0;    // groups around it
  int parent = -1;  // the group it is in; -1 for none
  int place = 0;    // among the layers of its group, from the lowest, hidden ones counted
  int blend_mode = 0;
  int opacity = 255;
  std::uint32_t tileset = 0;  // its identifier, of a tilemap layer
};

// How the bits of a tile in a tilemap are read.
struct AseTileBits {
  int bytes = 4;
  std::uint32_t index = 0x1FFFFFFF, x_flip = 0, y_flip = 0, diagonal_flip = 0;
};

// A linked cel holds the content that it is linked to.
struct AseCel {
  enum class Kind { kRaw, kCompressed, kTilemap, kUnknown };
  std::size_t layer = 0;
  int x = 0, y = 0;  // of the upper left corner on the canvas, in pixels
  int opacity = 255;
  int z_index = 0;
  Kind kind = Kind::kUnknown;
  int width = 0, height = 0;  // pixels; tiles in a tilemap
  AseTileBits tile_bits;
  std::span<const std::uint8_t> data;
};

struct AseFrame {
  int milliseconds = 0;
  std::vector<AseCel> cels;  // one per layer at most, in the layers' order
};

// From `frame` on, the palette has `size` entries, and those from `first` on are `colours`.
struct AsePaletteChange {
  int frame = 0;
  std::size_t size = 0, first = 0;
  bool only_grows = false;  // an old chunk: more entries that were there stay
  std::vector<std::array<std::uint8_t, 4>> colours;
};

struct AseTileset {
  std::string name;
  bool embedded = false;       // else its tiles are in another file
  bool zero_is_empty = false;  // else 0xFFFFFFFF stands for no tile
  std::uint32_t tiles = 0;
  int width = 0, height = 0;           // of a tile, in pixels
  std::span<const std::uint8_t> data;  // the tiles one below the other, compressed
};

struct AseDocument {
  AseHeader header;
  std::vector<AseLayer> layers;  // from the lowest
  std::vector<AseFrame> frames;
  std::vector<AsePaletteChange> palette;  // in the order of the frames
  std::map<std::uint32_t, AseTileset> tilesets;
  std::vector<AseTag> tags;            // of frames that there are
  std::vector<std::string> tag_notes;  // what was done to those that were written otherwise
  std::vector<AseSlice> slices;
  bool moving_slices = false;     // a slice has other places in later frames
  bool embedded_profile = false;  // colours are in another space than sRGB
  bool external_palette = false;
};

// The bytes must outlive the document. Throws as read_ase.
AseDocument parse_ase(std::span<const std::uint8_t> bytes, std::string_view name);

// "the cel of layer “arm” in frame 3", frames counted from 1 as Aseprite shows them.
std::string ase_cel_name(const AseDocument& document, std::size_t layer, std::size_t frame);

// Throws Failure(kCorrupt) if a zlib stream of `compressed` bytes cannot yield `size` bytes: deflate's largest ratio is 1032.
void check_ase_ratio(std::uint64_t size, std::size_t compressed, std::string_view file, const std::string& where);

}  // namespace kiln
