#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/formats/ase/ase_bytes.h"
#include "engine/formats/ase/ase_document.h"

namespace kiln {

// Reads the cels (0x2005) of an Aseprite file into the frames of its document, frame after frame, and follows their links.
class AseCelReader {
 public:
  AseCelReader(AseDocument& document, std::string_view file) : document_(document), file_(file) {}

  // A cel of the last frame. Throws Failure: kCorrupt (a layer that cannot have it, a second cel of the layer, fewer bytes than its
  // pixels need, a link to a frame that is not before this one or has no such cel), kUnsupported (more than 2^26 pixels).
  void read(std::span<const std::uint8_t> chunk);

  // Puts the last frame's cels into the order of the layers.
  void finish_frame();

 private:
  void read_content(AseBytes& chunk, int type, AseCel& cel, const std::string& where) const;
  void read_pixels(AseBytes& chunk, AseCel& cel, const std::string& where) const;
  void read_tiles(AseBytes& chunk, AseCel& cel, const std::string& where) const;
  void follow_link(std::size_t target, AseCel& cel, const std::string& where) const;

  AseDocument& document_;
  std::string_view file_;
};

}  // namespace kiln
