#include "engine/formats/ase/ase_compositor.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "engine/formats/ase/ase_bytes.h"

namespace kiln {
namespace {

constexpr std::uint64_t kMostDrawnPixels = std::uint64_t{1} << 28;  // of all cels in all frames
constexpr std::uint64_t kMostTilePixels = std::uint64_t{1} << 24;   // of all tilesets in use
constexpr std::int64_t kLongestCelSide = 65535;                     // as a cel of pixels has at most
constexpr std::uint64_t kWorkPerCel = 1024;                         // what a cel costs besides, as so many pixels

std::uint64_t area(int width, int height) { return static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height); }

std::uint64_t tile_pixels(const AseTileset& tileset) { return area(tileset.width, tileset.height) * tileset.tiles; }

}  // namespace

// A cel, or a group with what is drawn in it.
struct AseCompositor::Item {
  int order = 0;  // from back to front
  int z_index = 0;
  const AseCel* cel = nullptr;
  int group = -1;
  std::vector<const AseCel*> cels;  // of the group
};

bool is_drawn(const AseDocument& document, const AseLayer& layer) {
  if (!layer.visible || layer.reference || layer.opacity == 0) return false;
  if (layer.kind == AseLayer::Kind::kImage) return true;
  const auto tileset = document.tilesets.find(layer.tileset);
  return layer.kind == AseLayer::Kind::kTilemap && (tileset == document.tilesets.end() || tileset->second.embedded);
}

AseCompositor::AseCompositor(const AseDocument& document, std::string_view file)
    : document_(document), file_(file), painter_(document, file) {
  check_tilesets();
  check_work();
}

void AseCompositor::check_tilesets() const {
  std::set<std::uint32_t> used;
  for (const AseLayer& layer : document_.layers) {
    if (layer.kind != AseLayer::Kind::kTilemap || !is_drawn(document_, layer)) continue;
    if (!document_.tilesets.contains(layer.tileset)) {
      ase_corrupt(file_, "the tileset of layer " + ase_quoted(layer.name) + " is not there");
    }
    used.insert(layer.tileset);
  }
  std::uint64_t pixels = 0;
  for (const std::uint32_t id : used) pixels += tile_pixels(document_.tilesets.at(id));
  if (pixels > kMostTilePixels) ase_unsupported(file_, "has larger tilesets than can be read");
}

std::uint64_t AseCompositor::cel_work(const AseCel& cel, std::size_t frame) const {
  if (cel.kind != AseCel::Kind::kTilemap) return kWorkPerCel + area(cel.width, cel.height);
  const AseTileset& tileset = document_.tilesets.at(document_.layers[cel.layer].tileset);
  const std::int64_t width = std::int64_t{cel.width} * tileset.width, height = std::int64_t{cel.height} * tileset.height;
  if (width > kLongestCelSide || height > kLongestCelSide ||
      area(static_cast<int>(width), static_cast<int>(height)) > kAseMostPixels) {
    ase_unsupported(file_, "has more pixels than can be read in " + ase_cel_name(document_, cel.layer, frame));
  }
  return kWorkPerCel + area(static_cast<int>(width), static_cast<int>(height));
}

// What is drawn is bounded before any of it is: a few bytes can stand for many pixels, and a link for all those of another cel.
void AseCompositor::check_work() const {
  std::uint64_t work = 0, deepest = 0;
  const std::uint64_t canvas = area(document_.header.width, document_.header.height);
  std::vector<std::size_t> last_frame(document_.layers.size(), document_.frames.size());  // in which a group had something drawn
  for (std::size_t frame = 0; frame < document_.frames.size(); ++frame) {
    for (const AseCel& cel : document_.frames[frame].cels) {
      const AseLayer& layer = document_.layers[cel.layer];
      if (!is_drawn(document_, layer)) continue;
      work += cel_work(cel, frame);
      if (!document_.header.groups_composite) continue;
      deepest = std::max(deepest, static_cast<std::uint64_t>(layer.level));
      for (int group = layer.parent; group >= 0; group = document_.layers[static_cast<std::size_t>(group)].parent) {
        std::size_t& last = last_frame[static_cast<std::size_t>(group)];
        if (std::exchange(last, frame) != frame) work += kWorkPerCel + canvas;
      }
    }
    if (work > kMostDrawnPixels || deepest * canvas > kAseMostPixels) {
      ase_unsupported(file_, "has more layers and frames than can be drawn at this size");
    }
  }
}

void AseCompositor::update_palette() {
  const std::size_t before = palette_change_;
  for (; palette_change_ < document_.palette.size(); ++palette_change_) {
    const AsePaletteChange& change = document_.palette[palette_change_];
    if (static_cast<std::size_t>(change.frame) > frame_) break;
    palette_.resize(change.only_grows ? std::max(change.size, palette_.size()) : change.size);
    std::ranges::copy(change.colours, palette_.begin() + static_cast<std::ptrdiff_t>(change.first));
  }
  if (palette_change_ > before) painter_.use_palette(palette_);
}

Image AseCompositor::next_frame() {
  update_palette();
  Image canvas(document_.header.width, document_.header.height);
  std::vector<const AseCel*> cels;
  for (const AseCel& cel : document_.frames[frame_].cels) {
    if (!is_drawn(document_, document_.layers[cel.layer])) continue;
    unknown_cels_ |= cel.kind == AseCel::Kind::kUnknown;
    if (cel.kind != AseCel::Kind::kUnknown && cel.opacity > 0) cels.push_back(&cel);
  }
  if (document_.header.groups_composite) {
    draw_group(cels, -1, canvas);
  } else {
    std::vector<Item> items;
    items.reserve(cels.size());
    for (const AseCel* cel : cels) items.push_back({static_cast<int>(cel->layer) + cel->z_index, cel->z_index, cel, -1, {}});
    draw(std::move(items), canvas);
  }
  ++frame_;
  return canvas;
}

// By place in the stack plus z-index, then by z-index (the specification's NOTE.5).
void AseCompositor::draw(std::vector<Item> items, Image& canvas) {
  std::stable_sort(items.begin(), items.end(),
                   [](const Item& a, const Item& b) { return a.order != b.order ? a.order < b.order : a.z_index < b.z_index; });
  for (const Item& item : items) draw_item(item, canvas);
}

void AseCompositor::draw_item(const Item& item, Image& canvas) {
  if (item.cel) {
    const AseBlend mode = ase_blend(document_.layers[item.cel->layer].blend_mode);
    painter_.paint(*item.cel, frame_, mode, opacity_of(*item.cel), canvas);
    return;
  }
  const AseLayer& group = document_.layers[static_cast<std::size_t>(item.group)];
  if (group.opacity == 0) return;
  Image content(canvas.width, canvas.height);
  draw_group(item.cels, item.group, content);
  blend_ase_row(canvas.rgba.data(), content.rgba.data(), content.rgba.size() / 4, ase_blend(group.blend_mode),
                static_cast<float>(group.opacity) / 255);
}

// The cels of a group that is composited on its own (-1: of the whole stack), in the layers' order; z-indices move them within it.
void AseCompositor::draw_group(const std::vector<const AseCel*>& cels, int group, Image& canvas) {
  std::vector<Item> items;
  for (const AseCel* cel : cels) {
    int layer = static_cast<int>(cel->layer);
    while (document_.layers[static_cast<std::size_t>(layer)].parent != group) {
      layer = document_.layers[static_cast<std::size_t>(layer)].parent;
    }
    const int place = document_.layers[static_cast<std::size_t>(layer)].place;
    if (layer == static_cast<int>(cel->layer)) {
      items.push_back({place + cel->z_index, cel->z_index, cel, -1, {}});
    } else {
      if (items.empty() || items.back().group != layer) items.push_back({place, 0, nullptr, layer, {}});
      items.back().cels.push_back(cel);
    }
  }
  draw(std::move(items), canvas);
}

float AseCompositor::opacity_of(const AseCel& cel) const {
  return static_cast<float>(document_.layers[cel.layer].opacity * cel.opacity) / (255 * 255);
}

}  // namespace kiln
