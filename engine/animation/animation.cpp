#include "engine/animation/animation.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "engine/api/data_file.h"
#include "engine/api/export.h"
#include "engine/base/error.h"
#include "engine/base/sha256.h"
#include "engine/formats/apng.h"
#include "engine/formats/atlas/atlas.h"
#include "engine/formats/gif.h"
#include "engine/formats/image_file.h"
#include "engine/formats/indexed_png.h"
#include "engine/pixelart/crop.h"
#include "engine/pixelart/motion.h"
#include "engine/pixelart/scale.h"
#include "engine/pixelart/sheet_layout.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

void check(const Animation& animation) {
  for (const int ms : animation.durations_ms) {
    if (ms < kLeastFrameMs || ms > kMostFrameMs)
      throw Failure(ErrorCode::kInvalidArgument, "a frame of " + std::to_string(ms) + " ms is out of range",
                    "give from " + std::to_string(kLeastFrameMs) + " to " + std::to_string(kMostFrameMs) + " ms");
  }
  if (animation.frames.empty() || animation.durations_ms.size() != animation.frames.size())
    throw Failure(ErrorCode::kInvalidArgument,
                  std::to_string(animation.frames.size()) + " frames cannot have " + std::to_string(animation.durations_ms.size()) +
                      " durations",
                  "give one for all, or one for each");
}

ParamMap sheet_values(std::size_t frames, const AnimationFile& file) {
  ParamMap values = validated(sheet_specs(), file.sheet, "sheet");
  values["columns"] = std::int64_t{file.columns > 0 ? file.columns : static_cast<int>(frames)};
  values["padding"] = std::int64_t{file.padding};
  values["scale"] = std::int64_t{file.scale};
  return values;
}

AtlasSheet described(const Animation& animation, const PackedSheet& packed, const AnimationFile& file, const Bytes& png) {
  AtlasSheet sheet;
  sheet.image = fs::path(file.path).filename().string();
  sheet.width = packed.layout.width;
  sheet.height = packed.layout.height;
  sheet.hash = sha256_hex(png);
  sheet.margin = packed.layout.margin;
  sheet.spacing = packed.layout.spacing;
  sheet.ping_pong = animation.ping_pong;
  for (std::size_t i = 0; i < animation.frames.size(); ++i) {
    const SheetFrame& frame = packed.layout.frames[i];
    sheet.frames.push_back({animation.name + "_" + std::to_string(i),
                            animation.name,
                            frame.area,
                            frame.place,
                            frame.full_width,
                            frame.full_height,
                            {},
                            {},
                            animation.durations_ms[i],
                            {},
                            true});
  }
  return sheet;
}

std::vector<NewFile> sheet_files(const Animation& animation, const AnimationFile& file) {
  const ParamMap values = sheet_values(animation.frames.size(), file);
  const PackedSheet packed = pack_sheet(animation.frames, sheet_options(values));
  const bool indexed = get_bool(values, "indexed");
  std::vector<NewFile> files{
      {file.path, indexed ? encode_indexed_png(packed.image, indexed_palette(animation.frames, {})) : encode_png(packed.image)}};
  if (const std::string data = data_file(file.atlas, file.path); !data.empty()) {
    std::error_code error;
    const std::string before = fs::is_regular_file(data, error) ? read_text(data) : std::string();
    AtlasSheet sheet = described(animation, packed, file, files.front().bytes);
    sheet.indexed = indexed;
    const std::string text = encode_atlas(file.atlas, sheet, before);
    files.push_back({data, {text.begin(), text.end()}});
  }
  return files;
}

Bytes played_bytes(const Animation& animation, const AnimationFile& file) {
  std::vector<Image> images;
  std::vector<int> delays_ms;
  for (const std::size_t i : play_order(animation.frames.size(), animation.ping_pong)) {
    images.push_back(upscaled(animation.frames[i], file.scale));
    delays_ms.push_back(animation.durations_ms[i]);
  }
  if (lower_ending(file.path) == ".gif") return encode_gif(images, delays_ms, true);
  std::vector<AnimationFrame> frames;
  for (std::size_t i = 0; i < images.size(); ++i) frames.push_back({std::move(images[i]), delays_ms[i]});
  return encode_apng(frames, true, StillFrame::kFirst);
}

}  // namespace

const std::vector<ParamSpec>& animation_specs() {
  static const std::vector<ParamSpec> specs = {
      {.id = "frames",
       .label = "Frames",
       .fallback = 4,
       .min = 2,
       .max = 8,
       .help = "How many frames; the first is the sprite itself"},
      {.id = "ping_pong",
       .label = "Ping-pong",
       .fallback = false,
       .help = "Played forth and back, as 0 1 2 3 2 1, in place of from the beginning again"},
      {.id = "margin",
       .label = "Margin",
       .unit = "pixels",
       .fallback = 0,
       .max = 64,
       .help = "Transparent pixels on each side of the sprite, for it to move in; frames become as much larger",
       .zero_text = "as it is",
       .shown_max = 8}};
  return specs;
}

const std::vector<ParamSpec>& animation_sheet_specs() {
  static const std::vector<ParamSpec> specs = [] {
    std::vector<ParamSpec> made = sheet_specs();
    std::erase_if(made, [](const ParamSpec& spec) { return spec.id == "class_rows" || spec.id == "frame_ms"; });
    for (ParamSpec& spec : made) {
      if (spec.id == "columns") spec.help = "Frames in a row; 0 puts all into one", spec.zero_text = "one row";
      if (spec.id == "padding") spec.help = "Transparent pixels between two frames";
      if (spec.id == "border") spec.help = "Transparent pixels around all frames together";
      if (spec.id == "atlas")
        spec.help =
            "A file beside the sheet that tells a program the frames, how long each stands, and the animation's name: for Aseprite "
            "(.json), Tiled (.tsx), Godot 4 or 3 (.tres), Unity (.png.meta), a web page (.css)";
    }
    return made;
  }();
  return specs;
}

Image with_margin(const Image& sprite, const ParamMap& values) {
  const int both_sides = 2 * static_cast<int>(get_int(values, "margin"));
  return padded_to(sprite, sprite.width + both_sides, sprite.height + both_sides);
}

AnimationFile animation_file(std::string path, const ParamMap& sheet) {
  const auto whole = [&](const char* id) { return static_cast<int>(get_int(sheet, id)); };
  return {std::move(path), get_text(sheet, "atlas"), whole("columns"), whole("padding"), whole("scale"), sheet};
}

std::vector<NewFile> animation_files(const Animation& animation, const AnimationFile& file) {
  check_ending("the animation", file.path, {".gif", ".apng", ".png"});
  check(animation);
  if (lower_ending(file.path) == ".png") return sheet_files(animation, file);
  return {{file.path, played_bytes(animation, file)}};
}

std::pair<int, int> written_size(const std::vector<Image>& frames, const AnimationFile& file) {
  if (lower_ending(file.path) != ".png") return {frames.front().width * file.scale, frames.front().height * file.scale};
  const SheetLayout layout = sheet_layout(frames, sheet_options(sheet_values(frames.size(), file)));
  return {layout.width, layout.height};
}

std::vector<std::string> animation_paths(const AnimationFile& file) {
  std::vector<std::string> paths{file.path};
  if (lower_ending(file.path) != ".png") return paths;
  if (std::string data = data_file(file.atlas, file.path); !data.empty()) paths.push_back(std::move(data));
  return paths;
}

}  // namespace kiln
