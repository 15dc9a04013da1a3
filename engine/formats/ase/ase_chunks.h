#pragma once

#include <string_view>
#include <vector>

#include "engine/formats/ase/ase_bytes.h"
#include "engine/formats/ase/ase_document.h"

namespace kiln {

// The chunks of an Aseprite file but its cels, each read into the document. All throw Failure(kCorrupt) for a damaged one.

// Throws Failure(kUnsupported) for groups nested too deeply.
void read_ase_layer(AseBytes chunk, std::string_view file, AseDocument& document);
void read_ase_tags(AseBytes chunk, AseDocument& document);
void read_ase_slice(AseBytes chunk, AseDocument& document);
void read_ase_tileset(AseBytes chunk, std::string_view file, AseDocument& document);

// Whether the colour profile is another than sRGB.
bool is_foreign_ase_profile(AseBytes chunk);

// Whether a palette is among the external files.
bool has_external_ase_palette(AseBytes chunk);

// Collects the palettes of all frames. New chunks (0x2019) replace old ones in the same frame, and silence those in later ones, as
// in Aseprite.
class AsePaletteReader {
 public:
  explicit AsePaletteReader(std::string_view file) : file_(file) {}

  // `six_bits`: of the older chunk (0x0011), whose values go to 63.
  void read_old(AseBytes chunk, int frame, bool six_bits);
  void read_new(AseBytes chunk, int frame);
  std::vector<AsePaletteChange> take_changes() { return std::move(changes_); }

 private:
  std::string_view file_;
  std::vector<AsePaletteChange> changes_;
  bool new_seen_ = false;
};

}  // namespace kiln
