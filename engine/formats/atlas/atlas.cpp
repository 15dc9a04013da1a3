#include "engine/formats/atlas/atlas.h"

#include <array>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/formats/atlas/kinds.h"

namespace kiln {
namespace {

struct Kind {
  const char* id;
  std::string (*encode)(const AtlasSheet& sheet, std::string_view before);
};

constexpr std::array kKinds{
    Kind{"aseprite-hash", [](const AtlasSheet& sheet, std::string_view) { return encode_aseprite_json(sheet, false); }},
    Kind{"aseprite-array", [](const AtlasSheet& sheet, std::string_view) { return encode_aseprite_json(sheet, true); }},
    Kind{"tiled", [](const AtlasSheet& sheet, std::string_view) { return encode_tiled(sheet); }},
    Kind{"godot", [](const AtlasSheet& sheet, std::string_view) { return encode_godot(sheet, 4); }},
    Kind{"godot3", [](const AtlasSheet& sheet, std::string_view) { return encode_godot(sheet, 3); }},
    Kind{"unity", [](const AtlasSheet& sheet, std::string_view before) { return encode_unity(sheet, before); }},
    Kind{"css", [](const AtlasSheet& sheet, std::string_view) { return encode_css(sheet); }},
};

const Kind& find_kind(std::string_view id) {
  for (const Kind& kind : kKinds) {
    if (id == kind.id) return kind;
  }
  std::vector<std::string> known;
  known.reserve(std::size(kKinds));
  for (const Kind& kind : kKinds) known.emplace_back(kind.id);
  throw Failure(ErrorCode::kInvalidArgument, "there is no atlas “" + std::string(id) + "”", name_hint(id, known));
}

}  // namespace

std::string encode_atlas(std::string_view kind, const AtlasSheet& sheet, std::string_view before) {
  if (sheet.image.empty() && kind != "tiled") {
    throw Failure(ErrorCode::kInvalidArgument,
                  "“" + std::string(kind) + "” tells of a sheet, and each sprite has a file of its own",
                  "choose a name without braces for one sheet, or “tiled”, which knows collections of images");
  }
  return find_kind(kind).encode(sheet, before);
}

std::vector<AtlasTag> tags_of(const AtlasSheet& sheet) {
  std::vector<AtlasTag> tags;
  for (std::size_t i = 0; i < sheet.frames.size(); ++i) {
    const AtlasFrame& frame = sheet.frames[i];
    if (tags.empty() || tags.back().name != frame.played_as()) tags.push_back({frame.played_as(), i, i});
    tags.back().last = i;
    tags.back().animated = frame.animated && tags.back().first < i;
  }
  return tags;
}

std::vector<std::size_t> played_frames(const AtlasSheet& sheet, const AtlasTag& tag) {
  std::vector<std::size_t> played;
  for (std::size_t i = tag.first; i <= tag.last; ++i) played.push_back(i);
  for (std::size_t i = tag.last; sheet.ping_pong && i > tag.first + 1; --i) played.push_back(i - 1);
  return played;
}

}  // namespace kiln
