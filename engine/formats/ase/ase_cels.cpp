#include "engine/formats/ase/ase_cels.h"

#include <algorithm>

namespace kiln {
namespace {

bool by_layer(const AseCel& a, const AseCel& b) { return a.layer < b.layer; }

}  // namespace

void AseCelReader::read(std::span<const std::uint8_t> content) {
  const std::size_t frame = document_.frames.size() - 1;
  AseBytes head(content, file_, "a cel in frame " + std::to_string(frame + 1));
  AseCel cel;
  cel.layer = head.word();
  if (cel.layer >= document_.layers.size()) head.corrupt("belongs to no layer");
  const std::string where = ase_cel_name(document_, cel.layer, frame);
  AseBytes chunk(head.rest(), file_, where);
  cel.x = chunk.signed_word(), cel.y = chunk.signed_word();
  cel.opacity = chunk.byte();
  const int type = chunk.word();
  cel.z_index = chunk.signed_word();
  chunk.skip(5);
  read_content(chunk, type, cel, where);
  document_.frames.back().cels.push_back(cel);
}

void AseCelReader::finish_frame() {
  const std::size_t frame = document_.frames.size() - 1;
  auto& cels = document_.frames.back().cels;
  std::stable_sort(cels.begin(), cels.end(), by_layer);
  const auto twice =
      std::adjacent_find(cels.begin(), cels.end(), [](const AseCel& a, const AseCel& b) { return a.layer == b.layer; });
  if (twice != cels.end()) ase_corrupt(file_, ase_cel_name(document_, twice->layer, frame) + " is there twice");
}

void AseCelReader::read_content(AseBytes& chunk, int type, AseCel& cel, const std::string& where) const {
  const AseLayer::Kind layer = document_.layers[cel.layer].kind;
  if (layer == AseLayer::Kind::kGroup) chunk.corrupt("is in a group");
  switch (type) {
    case 0:
      cel.kind = AseCel::Kind::kRaw;
      break;
    case 1:
      return follow_link(chunk.word(), cel, where);
    case 2:
      cel.kind = AseCel::Kind::kCompressed;
      break;
    case 3:
      cel.kind = AseCel::Kind::kTilemap;
      break;
    default:
      return;  // of a later version
  }
  if (layer != AseLayer::Kind::kUnknown && (layer == AseLayer::Kind::kTilemap) != (type == 3))
    chunk.corrupt("does not fit the layer's kind");
  cel.width = chunk.word(), cel.height = chunk.word();
  type == 3 ? read_tiles(chunk, cel, where) : read_pixels(chunk, cel, where);
}

void AseCelReader::read_pixels(AseBytes& chunk, AseCel& cel, const std::string& where) const {
  const auto pixels = static_cast<std::uint64_t>(cel.width) * static_cast<std::uint64_t>(cel.height);
  if (pixels > kAseMostPixels) ase_unsupported(file_, "has more pixels than can be read in " + where);
  const std::uint64_t size = pixels * static_cast<std::uint64_t>(document_.header.bytes_per_pixel);
  if (cel.kind == AseCel::Kind::kRaw) {
    cel.data = chunk.bytes(size);
  } else {
    cel.data = chunk.rest();
    check_ase_ratio(size, cel.data.size(), file_, where);
  }
}

void AseCelReader::read_tiles(AseBytes& chunk, AseCel& cel, const std::string& where) const {
  const int bits = chunk.word();
  if (bits != 8 && bits != 16 && bits != 32) chunk.corrupt("has tiles of " + std::to_string(bits) + " bits");
  cel.tile_bits.bytes = bits / 8;
  cel.tile_bits.index = chunk.double_word();
  cel.tile_bits.x_flip = chunk.double_word(), cel.tile_bits.y_flip = chunk.double_word();
  cel.tile_bits.diagonal_flip = chunk.double_word();
  chunk.skip(10);
  const auto tiles = static_cast<std::uint64_t>(cel.width) * static_cast<std::uint64_t>(cel.height);
  if (tiles > kAseMostPixels) ase_unsupported(file_, "has more tiles than can be read in " + where);
  cel.data = chunk.rest();
  check_ase_ratio(tiles * static_cast<std::uint64_t>(cel.tile_bits.bytes), cel.data.size(), file_, where);
}

// Content alone is shared; place, opacity and z-index are the cel's own.
void AseCelReader::follow_link(std::size_t target, AseCel& cel, const std::string& where) const {
  if (target + 1 >= document_.frames.size()) ase_corrupt(file_, where + " is linked to a frame that does not come before it");
  const auto& cels = document_.frames[target].cels;
  const auto found = std::lower_bound(cels.begin(), cels.end(), cel, by_layer);
  if (found == cels.end() || found->layer != cel.layer) ase_corrupt(file_, where + " is linked to a cel that is not there");
  cel.kind = found->kind;
  cel.width = found->width, cel.height = found->height;
  cel.tile_bits = found->tile_bits;
  cel.data = found->data;
}

}  // namespace kiln
