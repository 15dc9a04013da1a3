#include "engine/formats/sheet.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "engine/base/error.h"
#include "engine/formats/frame_tags.h"

namespace kiln {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kLargestSide = 16384;
constexpr std::size_t kMostPixels = std::size_t{1} << 26;
constexpr long long kMostCells = 1 << 20;

bool fully_transparent(const Image& image) {
  for (std::size_t i = 3; i < image.rgba.size(); i += 4) {
    if (image.rgba[i] != 0) return false;
  }
  return true;
}

class AsepriteReader {
 public:
  AsepriteReader(std::string_view text, std::string_view name) : name_(name) {
    try {
      std::string outer;
      std::set<std::string> keys;
      document_ = Json::parse(text, [&](int depth, Json::parse_event_t event, Json& value) {
        if (depth > 32) corrupt("nested too deeply");
        if (event != Json::parse_event_t::key) return true;
        if (depth == 1) outer = value.get<std::string>();
        if (depth == 2 && outer == "frames" && !keys.insert(value.get<std::string>()).second)
          refuse_equal_keys(value.get<std::string>());
        return true;
      });
    } catch (const Json::exception& failure) {
      corrupt(failure.what());
    }
    if (!document_.is_object()) corrupt("no object");
  }

  std::string image_name() const {
    const auto meta = document_.find("meta");
    if (meta == document_.end() || !meta->is_object()) return {};
    const auto image = meta->find("image");
    return image != meta->end() && image->is_string() ? image->get<std::string>() : std::string();
  }

  std::vector<SheetSprite> sprites(const Image& sheet, std::vector<std::string>& notes) const {
    const Json& frames = member(document_, "frames");
    if (!frames.is_object() && !frames.is_array()) corrupt("“frames” is neither list nor object");
    std::vector<std::string> names;
    for (const auto& [key, frame] : frames.items()) names.push_back(frames.is_object() ? key : text(frame, "filename"));
    std::vector<std::string> said;
    const auto classes = tags_of_frames(names, tags(), said);
    for (const auto& note : said) notes.push_back(std::string(name_) + ": " + note);
    std::vector<SheetSprite> sprites;
    std::size_t index = 0, pixels = 0;
    for (const auto& [key, frame] : frames.items()) {
      SheetSprite sprite;
      sprite.name = names[index];
      sprite.class_name = classes[index++];
      cut(frame, sheet, sprite);
      pixels += sprite.image.rgba.size() / 4;
      if (pixels > kMostPixels) corrupt("the frames together are far larger than any sheet");
      if (!fully_transparent(sprite.image)) sprites.push_back(std::move(sprite));
    }
    return sprites;
  }

 private:
  [[noreturn]] void corrupt(const std::string& detail) const {
    throw Failure(ErrorCode::kCorrupt, "“" + std::string(name_) + "” is not a sprite sheet's JSON as Aseprite writes it",
                  "export it with File › Export Sprite Sheet, JSON Data, as array or hash", detail);
  }

  [[noreturn]] void refuse_equal_keys(const std::string& key) const {
    throw Failure(ErrorCode::kCorrupt, "“" + std::string(name_) + "” has several frames of the same key, “" + key + "”",
                  "export it as an array, or with {frame} in the item's name");
  }

  const Json& member(const Json& object, const char* key) const {
    if (!object.is_object()) corrupt("no object where one should be");
    const auto found = object.find(key);
    if (found == object.end()) corrupt(std::string("“") + key + "” is missing");
    return *found;
  }

  std::string text(const Json& object, const char* key) const {
    const Json& value = member(object, key);
    if (!value.is_string()) corrupt(std::string("“") + key + "” is no text");
    return value.get<std::string>();
  }

  int whole(const Json& object, const char* key, int most) const {
    const Json& value = member(object, key);
    const double real = value.is_number() ? value.get<double>() : 0.5;
    if (real != std::floor(real) || std::abs(real) > 1e15) corrupt(std::string("“") + key + "” is no whole number");
    const auto number = static_cast<std::int64_t>(real);
    if (number < 0 || number > most) corrupt(std::string("“") + key + "” is out of range");
    return static_cast<int>(number);
  }

  Rect rect(const Json& object, const char* key) const {
    const Json& value = member(object, key);
    return {whole(value, "x", kLargestSide), whole(value, "y", kLargestSide), whole(value, "w", kLargestSide),
            whole(value, "h", kLargestSide)};
  }

  bool flag(const Json& object, const char* key) const {
    const auto found = object.find(key);
    return found != object.end() && found->is_boolean() && found->get<bool>();
  }

  std::vector<FrameTag> tags() const {
    const auto meta = document_.find("meta");
    if (meta == document_.end() || !meta->is_object() || !meta->contains("frameTags")) return {};
    const Json& listed = meta->at("frameTags");
    if (!listed.is_array()) corrupt("“frameTags” is no list");
    std::vector<FrameTag> tags;
    for (const Json& tag : listed) {
      tags.push_back({text(tag, "name"), static_cast<std::size_t>(whole(tag, "from", 1 << 24)),
                      static_cast<std::size_t>(whole(tag, "to", 1 << 24))});
      if (tags.back().to < tags.back().from) tags.pop_back();
    }
    return tags;
  }

  void cut(const Json& frame, const Image& sheet, SheetSprite& sprite) const {
    Rect area = rect(frame, "frame");
    const bool rotated = flag(frame, "rotated");
    if (rotated) std::swap(area.width, area.height);  // the size is given as it is upright
    if (area.width < 1 || area.height < 1 || area.width > sheet.width - area.x || area.height > sheet.height - area.y) {
      throw Failure(ErrorCode::kInvalidArgument, "frame “" + sprite.name + "” lies outside the sheet",
                    "choose the image that belongs to “" + std::string(name_) + "”");
    }
    sprite.rect = area;
    sprite.image = cut_out(sheet, area);
    if (rotated) sprite.image = turned_left(sprite.image);
    if (!flag(frame, "trimmed")) {
      if (frame.contains("sourceSize")) {
        const Json& size = member(frame, "sourceSize");
        take_off_padding(sprite, whole(size, "w", kLargestSide), whole(size, "h", kLargestSide));
      }
      return;
    }
    const Json& size = member(frame, "sourceSize");
    const Rect place = rect(frame, "spriteSourceSize");
    const int width = whole(size, "w", kLargestSide), height = whole(size, "h", kLargestSide);
    if (static_cast<std::size_t>(width) * static_cast<std::size_t>(height) > kMostPixels) corrupt("“sourceSize” is out of range");
    take_off_padding(sprite, place.width, place.height);
    Image full(width, height);
    paste(full, sprite.image, place.x, place.y);
    sprite.image = std::move(full);
  }

  // Aseprite's inner padding lies around the picture within its frame: half of the difference on each side.
  static void take_off_padding(SheetSprite& sprite, int width, int height) {
    const int more_x = sprite.image.width - width, more_y = sprite.image.height - height;
    if (more_x != more_y || more_x <= 0 || more_x % 2 != 0 || width < 1 || height < 1) return;
    sprite.image = cut_out(sprite.image, {more_x / 2, more_y / 2, width, height});
  }

  // Rotated frames lie in the sheet turned by a quarter clockwise.
  static Image turned_left(const Image& image) {
    Image turned(image.height, image.width);
    for (int y = 0; y < turned.height; ++y) {
      for (int x = 0; x < turned.width; ++x) std::copy_n(image.pixel(image.width - 1 - y, x), 4, turned.pixel(x, y));
    }
    return turned;
  }

  std::string_view name_;
  Json document_;
};

}  // namespace

std::vector<SheetSprite> slice_sheet(const Image& sheet, const CellGrid& grid) {
  const bool possible = grid.cell_width >= 1 && grid.cell_height >= 1 && grid.offset_x >= 0 && grid.offset_y >= 0 &&
                        grid.spacing_x >= 0 && grid.spacing_y >= 0;
  if (!possible || grid.cell_width > sheet.width - grid.offset_x || grid.cell_height > sheet.height - grid.offset_y) {
    throw Failure(
        ErrorCode::kInvalidArgument,
        "a sheet of " + std::to_string(sheet.width) + "×" + std::to_string(sheet.height) + " pixels has no cell of this grid",
        "choose a cell size of 1 or more, and an offset and spacing of 0 or more, that fit into the sheet");
  }
  const long long step_x = 0LL + grid.cell_width + grid.spacing_x, step_y = 0LL + grid.cell_height + grid.spacing_y;
  if ((sheet.width / step_x + 1) * (sheet.height / step_y + 1) > kMostCells) {
    throw Failure(ErrorCode::kInvalidArgument, "this grid cuts the sheet into more than a million cells",
                  "choose a larger cell size");
  }
  std::vector<SheetSprite> sprites;
  for (long long y = grid.offset_y, row = 0; y + grid.cell_height <= sheet.height; y += step_y, ++row) {
    for (long long x = grid.offset_x, column = 0; x + grid.cell_width <= sheet.width; x += step_x, ++column) {
      const Rect rect{static_cast<int>(x), static_cast<int>(y), grid.cell_width, grid.cell_height};
      Image image = cut_out(sheet, rect);
      if (fully_transparent(image)) continue;
      sprites.push_back({std::to_string(column) + "," + std::to_string(row), {}, rect, std::move(image)});
    }
  }
  return sprites;
}

std::vector<SheetSprite> slice_aseprite_sheet(const Image& sheet, std::string_view json, std::string_view name,
                                              std::vector<std::string>& notes) {
  return AsepriteReader(json, name).sprites(sheet, notes);
}

std::filesystem::path aseprite_sheet(const std::filesystem::path& file, std::string_view json, std::vector<std::string>& notes) {
  const std::string name = file.filename().string();
  std::string image = AsepriteReader(json, name).image_name();
  std::replace(image.begin(), image.end(), '\\', '/');  // as Windows writes it
  if (!image.empty()) return file.parent_path() / std::filesystem::path(image).filename();
  const auto beside = std::filesystem::path(file).replace_extension(".png");
  if (std::error_code error; !std::filesystem::exists(beside, error)) {
    throw Failure(ErrorCode::kUnsupported,
                  "“" + name + "” does not name its sheet, and there is no “" + beside.filename().string() + "”",
                  "export it with Aseprite's JSON data, which names the image in meta.image");
  }
  notes.push_back(name + " does not name its sheet: " + beside.filename().string() + " is taken");
  return beside;
}

}  // namespace kiln
