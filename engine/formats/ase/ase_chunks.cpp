#include "engine/formats/ase/ase_chunks.h"

#include <algorithm>

#include "engine/formats/frame_tags.h"

namespace kiln {
namespace {

constexpr int kDeepestLevel = 64;
constexpr std::uint32_t kMostColours = 65536;
constexpr std::int64_t kFarthest = 1 << 24;  // of a slice, in pixels

// The group that a layer at `level` is in, if the layers before allow it there.
int parent_at(const std::vector<AseLayer>& layers, int level, const AseBytes& chunk) {
  int group = static_cast<int>(layers.size()) - 1;
  const int deepest = group < 0 ? 0 : layers.back().level + (layers.back().kind == AseLayer::Kind::kGroup ? 1 : 0);
  if (level > deepest) chunk.corrupt("is nested in no group");
  while (group >= 0 && layers[static_cast<std::size_t>(group)].level >= level) {
    group = layers[static_cast<std::size_t>(group)].parent;
  }
  return group;
}

int place_in(const std::vector<AseLayer>& layers, int parent, int level) {
  int sibling = static_cast<int>(layers.size()) - 1;
  while (sibling > parent && layers[static_cast<std::size_t>(sibling)].level > level) {
    sibling = layers[static_cast<std::size_t>(sibling)].parent;
  }
  return sibling > parent ? layers[static_cast<std::size_t>(sibling)].place + 1 : 0;
}

AseLayer::Kind layer_kind(int type) {
  switch (type) {
    case 0:
      return AseLayer::Kind::kImage;
    case 1:
      return AseLayer::Kind::kGroup;
    case 2:
      return AseLayer::Kind::kTilemap;
    default:
      return AseLayer::Kind::kUnknown;
  }
}

std::array<std::uint8_t, 4> old_colour(AseBytes& chunk, bool six_bits) {
  std::array<std::uint8_t, 4> colour{0, 0, 0, 255};
  for (std::size_t i = 0; i < 3; ++i) {
    const int value = chunk.byte();
    colour[i] = static_cast<std::uint8_t>(six_bits ? (std::min(value, 63) * 255 + 31) / 63 : value);
  }
  return colour;
}

}  // namespace

void read_ase_layer(AseBytes chunk, std::string_view file, AseDocument& document) {
  AseLayer layer;
  const int flags = chunk.word(), type = chunk.word();
  layer.kind = layer_kind(type);
  layer.level = chunk.word();
  chunk.skip(4);  // a default size, unused
  layer.blend_mode = chunk.word();
  layer.opacity = chunk.byte();
  chunk.skip(3);
  layer.name = chunk.text();
  if (layer.kind == AseLayer::Kind::kTilemap) layer.tileset = chunk.double_word();
  if (layer.level > kDeepestLevel) ase_unsupported(file, "has layers nested over " + std::to_string(kDeepestLevel) + " deep");
  layer.parent = parent_at(document.layers, layer.level, chunk);
  layer.place = place_in(document.layers, layer.parent, layer.level);

  layer.visible = (flags & 1) && (layer.parent < 0 || document.layers[static_cast<std::size_t>(layer.parent)].visible);
  layer.background = flags & 8;
  layer.reference = flags & 64;
  const bool group = layer.kind == AseLayer::Kind::kGroup;
  if (group ? !document.header.groups_composite : !document.header.layers_have_opacity) layer.opacity = 255;
  if (group ? !document.header.groups_composite : layer.background) layer.blend_mode = 0;
  document.layers.push_back(std::move(layer));
}

void read_ase_tags(AseBytes chunk, AseDocument& document) {
  const int count = chunk.word();
  chunk.skip(8);
  for (int i = 0; i < count; ++i) {
    AseTag tag;
    tag.from = chunk.word(), tag.to = chunk.word();
    const int direction = chunk.byte();
    if (direction <= 3) tag.direction = static_cast<AseDirection>(direction);
    chunk.skip(12);  // repeats, colour
    tag.name = chunk.text();
    FrameTag frames{tag.name, static_cast<std::size_t>(tag.from), static_cast<std::size_t>(tag.to)};
    if (!bring_into_range(frames, static_cast<std::size_t>(document.header.frames), document.tag_notes)) continue;
    tag.from = static_cast<int>(frames.from), tag.to = static_cast<int>(frames.to);
    document.tags.push_back(std::move(tag));
  }
}

void read_ase_slice(AseBytes chunk, AseDocument& document) {
  const std::uint32_t keys = chunk.double_word(), flags = chunk.double_word();
  chunk.skip(4);
  AseSlice slice{chunk.text(), {}};
  bool seen = false;
  for (std::uint32_t i = 0; i < keys; ++i) {
    chunk.skip(4);  // the frame from which it is so
    const std::int64_t x = chunk.signed_double_word(), y = chunk.signed_double_word();
    const std::int64_t width = chunk.double_word(), height = chunk.double_word();
    chunk.skip((flags & 1 ? 16 : 0) + (flags & 2 ? 8 : 0));
    if (std::max({std::abs(x), std::abs(y), width, height}) > kFarthest) {
      chunk.corrupt("called " + ase_quoted(slice.name) + " is out of range");
    }
    if (width == 0 || height == 0) continue;  // hidden
    const Rect rect{static_cast<int>(x), static_cast<int>(y), static_cast<int>(width), static_cast<int>(height)};
    if (!seen) slice.rect = rect;
    document.moving_slices |= seen && rect != slice.rect;
    seen = true;
  }
  if (seen) document.slices.push_back(std::move(slice));
}

void read_ase_tileset(AseBytes chunk, std::string_view file, AseDocument& document) {
  AseTileset tileset;
  const std::uint32_t id = chunk.double_word(), flags = chunk.double_word();
  tileset.embedded = flags & 2;
  tileset.zero_is_empty = flags & 4;
  tileset.tiles = chunk.double_word();
  tileset.width = chunk.word(), tileset.height = chunk.word();
  chunk.skip(16);  // what the first tile is called, reserved
  tileset.name = chunk.text();
  if (flags & 1) chunk.skip(8);  // which other file
  if (tileset.width == 0 || tileset.height == 0) chunk.corrupt("has tiles without pixels");
  if (tileset.embedded) {
    tileset.data = chunk.bytes(chunk.double_word());
    const auto tile = static_cast<std::uint64_t>(tileset.width) * static_cast<std::uint64_t>(tileset.height);
    // Both factors are below 2^32.
    if (tile * tileset.tiles > kAseMostPixels) ase_unsupported(file, "has a tileset larger than can be read");
    check_ase_ratio(tile * tileset.tiles * static_cast<std::uint64_t>(document.header.bytes_per_pixel), tileset.data.size(), file,
                    "the tileset " + ase_quoted(tileset.name));
  }
  document.tilesets[id] = std::move(tileset);
}

bool is_foreign_ase_profile(AseBytes chunk) {
  const int type = chunk.word(), flags = chunk.word();
  return type == 2 || (flags & 1);
}

bool has_external_ase_palette(AseBytes chunk) {
  const std::uint32_t count = chunk.double_word();
  chunk.skip(8);
  for (std::uint32_t i = 0; i < count; ++i) {
    chunk.skip(4);
    const int type = chunk.byte();
    chunk.skip(7);
    chunk.text();
    if (type == 0) return true;
  }
  return false;
}

void AsePaletteReader::read_old(AseBytes chunk, int frame, bool six_bits) {
  if (new_seen_) return;
  const int packets = chunk.word();
  std::size_t first = 0;
  for (int i = 0; i < packets; ++i) {
    first += chunk.byte();
    const int given = chunk.byte();
    const std::size_t count = given == 0 ? 256 : static_cast<std::size_t>(given);
    if (first + count > 256) chunk.corrupt("has more than 256 colours");
    AsePaletteChange change{frame, first + count, first, true, {}};
    for (std::size_t c = 0; c < count; ++c) change.colours.push_back(old_colour(chunk, six_bits));
    first += count;
    changes_.push_back(std::move(change));
  }
}

void AsePaletteReader::read_new(AseBytes chunk, int frame) {
  const std::uint32_t size = chunk.double_word(), first = chunk.double_word(), last = chunk.double_word();
  chunk.skip(8);
  if (size > kMostColours) ase_unsupported(file_, "has a palette of more than " + std::to_string(kMostColours) + " colours");
  if (first > last || last >= size) chunk.corrupt("sets colours that it does not have");
  AsePaletteChange change{frame, size, first, false, {}};
  for (std::uint32_t i = first; i <= last; ++i) {
    const bool named = chunk.word() & 1;
    std::array<std::uint8_t, 4> colour{};
    std::ranges::copy(chunk.bytes(4), colour.begin());
    if (named) chunk.text();
    change.colours.push_back(colour);
  }
  if (!new_seen_) std::erase_if(changes_, [&](const AsePaletteChange& old) { return old.frame == frame; });
  new_seen_ = true;
  changes_.push_back(std::move(change));
}

}  // namespace kiln
