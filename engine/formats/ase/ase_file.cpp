#include "engine/formats/ase/ase_file.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "engine/formats/ase/ase_blend.h"
#include "engine/formats/ase/ase_bytes.h"
#include "engine/formats/ase/ase_compositor.h"
#include "engine/formats/ase/ase_document.h"
#include "engine/formats/frame_tags.h"

namespace kiln {
namespace {

std::string counted(std::size_t count, const std::string& what, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + what + (count == 1 ? one : many);
}

// The innermost tag's name by frame: of several, the shortest; of equal ones, the first. Each frame is looked at once, however many
// tags cover it.
std::vector<std::string> class_names(const AseDocument& document) {
  std::vector<const AseTag*> shortest_first;
  for (const AseTag& tag : document.tags) shortest_first.push_back(&tag);
  std::ranges::stable_sort(shortest_first, [](const AseTag* a, const AseTag* b) { return a->to - a->from < b->to - b->from; });
  std::vector<std::string> names(document.frames.size());
  std::set<int> unnamed;
  for (int frame = 0; frame < document.header.frames; ++frame) unnamed.insert(unnamed.end(), frame);
  for (const AseTag* tag : shortest_first) {
    for (auto at = unnamed.lower_bound(tag->from); at != unnamed.end() && *at <= tag->to; at = unnamed.erase(at)) {
      names[static_cast<std::size_t>(*at)] = tag->name;
    }
  }
  return names;
}

std::vector<AseSprite> read_frames(const AseDocument& document, AseCompositor& compositor, AsePalette& first_palette) {
  const std::vector<std::string> classes = class_names(document);
  std::map<std::string, int> counts;
  std::vector<AseSprite> sprites;
  for (std::size_t frame = 0; frame < document.frames.size(); ++frame) {
    AseSprite sprite;
    sprite.class_name = classes[frame];
    sprite.name = classes[frame].empty() ? std::to_string(frame) : classes[frame] + " " + std::to_string(counts[classes[frame]]++);
    sprite.image = compositor.next_frame();
    sprite.milliseconds = document.frames[frame].milliseconds;
    sprites.push_back(std::move(sprite));
    if (frame == 0) first_palette = compositor.palette();
  }
  return sprites;
}

// What is left out or assumed, as far as the layers say it.
void note_layers(const AseDocument& document, std::vector<std::string>& notes) {
  std::size_t hidden = 0, references = 0;
  for (const AseLayer& layer : document.layers) {
    if (layer.kind == AseLayer::Kind::kGroup && !document.header.groups_composite) continue;
    if (layer.reference) {
      ++references;
    } else if (!layer.visible) {
      hidden += layer.kind != AseLayer::Kind::kGroup;
    } else if (layer.kind == AseLayer::Kind::kUnknown) {
      notes.push_back("layer " + ase_quoted(layer.name) + " is of a kind that is not known here, and is left out");
    } else if (layer.kind == AseLayer::Kind::kTilemap && layer.opacity > 0 && !is_drawn(document, layer)) {
      notes.push_back("the tilemap layer " + ase_quoted(layer.name) + " has its tiles in another file, and is left out");
    } else if (!is_ase_blend(layer.blend_mode)) {
      notes.push_back("the blend mode of layer " + ase_quoted(layer.name) + " is not known here; it is drawn as a normal one");
    }
  }
  if (hidden > 0) notes.push_back(counted(hidden, "hidden layer", " is left out", "s are left out"));
  if (references > 0) notes.push_back(counted(references, "reference layer", " is left out", "s are left out"));
}

void note_file(const AseDocument& document, std::vector<std::string>& notes) {
  const AseHeader& header = document.header;
  if (document.external_palette) notes.push_back("a palette in another file is not read");
  if (document.embedded_profile) notes.push_back("the colour profile is not read; colours are taken as sRGB");
  if (document.moving_slices) notes.push_back("slices that change during the animation are taken as they first are");
  if (header.pixel_width > 0 && header.pixel_height > 0 && header.pixel_width != header.pixel_height) {
    notes.push_back("pixels of " + std::to_string(header.pixel_width) + ":" + std::to_string(header.pixel_height) +
                    " are taken as square");
  }
  if (!document.palette.empty() && document.palette.back().frame > 0) {
    notes.push_back("the palette changes during the animation; that of the first frame is taken as the file's");
  }
}

void note_tags(const AseDocument& document, std::vector<std::string>& notes) {
  notes.insert(notes.end(), document.tag_notes.begin(), document.tag_notes.end());
  std::vector<FrameTag> tags;
  for (const AseTag& tag : document.tags)
    tags.push_back({tag.name, static_cast<std::size_t>(tag.from), static_cast<std::size_t>(tag.to)});
  note_overlaps(std::move(tags), notes);
}

void note_drawing(const AseCompositor& compositor, std::vector<std::string>& notes) {
  if (compositor.missing_colours()) notes.push_back("pixels with a colour beyond the palette's end are left transparent");
  if (compositor.missing_tiles()) notes.push_back("tiles that their tileset does not have are left transparent");
  if (compositor.unknown_cels()) notes.push_back("cels of a kind that is not known here are left out");
}

}  // namespace

AseFile read_ase(std::span<const std::uint8_t> bytes, std::string_view name, std::vector<std::string>& notes) {
  const AseDocument document = parse_ase(bytes, name);
  const bool indexed = document.header.bytes_per_pixel == 1;
  if (indexed && (document.palette.empty() || document.palette.front().frame > 0)) {
    ase_corrupt(name, "its pixels are indices, and its first frame has no palette");
  }
  AseCompositor compositor(document, name);
  AseFile file;
  file.width = document.header.width, file.height = document.header.height;
  file.frames = read_frames(document, compositor, file.palette);
  file.tags = document.tags;
  file.slices = document.slices;
  note_tags(document, notes);
  note_layers(document, notes);
  note_file(document, notes);
  note_drawing(compositor, notes);
  return file;
}

}  // namespace kiln
