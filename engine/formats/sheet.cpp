#include "engine/formats/sheet.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/base/error.h"

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
      document_ = Json::parse(text, [this](int depth, Json::parse_event_t, Json&) {
        if (depth > 32) corrupt("nested too deeply");
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

  std::vector<SheetSprite> sprites(const Image& sheet) const {
    const Json& frames = member(document_, "frames");
    if (!frames.is_object() && !frames.is_array()) corrupt("“frames” is neither list nor object");
    const auto classes = class_names(frames.size());
    std::vector<SheetSprite> sprites;
    std::size_t index = 0, pixels = 0;
    for (const auto& [key, frame] : frames.items()) {
      SheetSprite sprite;
      sprite.name = frames.is_object() ? key : text(frame, "filename");
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
    if (!value.is_number_integer()) corrupt(std::string("“") + key + "” is no whole number");
    const auto number = value.get<std::int64_t>();
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

  // One per frame, from the first tag that covers it.
  std::vector<std::string> class_names(std::size_t count) const {
    std::vector<std::string> names(count);
    const auto meta = document_.find("meta");
    if (meta == document_.end() || !meta->is_object() || !meta->contains("frameTags")) return names;
    const Json& tags = meta->at("frameTags");
    if (!tags.is_array()) corrupt("“frameTags” is no list");
    for (const Json& tag : tags) {
      const std::string tag_name = text(tag, "name");
      const auto from = static_cast<std::size_t>(whole(tag, "from", 1 << 24)),
                 to = static_cast<std::size_t>(whole(tag, "to", 1 << 24));
      for (std::size_t i = from; i <= to && i < count; ++i) {
        if (names[i].empty()) names[i] = tag_name;
      }
    }
    return names;
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
    if (!flag(frame, "trimmed")) return;
    const Json& size = member(frame, "sourceSize");
    const Rect place = rect(frame, "spriteSourceSize");
    const int width = whole(size, "w", kLargestSide), height = whole(size, "h", kLargestSide);
    if (static_cast<std::size_t>(width) * static_cast<std::size_t>(height) > kMostPixels) corrupt("“sourceSize” is out of range");
    Image full(width, height);
    paste(full, sprite.image, place.x, place.y);
    sprite.image = std::move(full);
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

std::vector<SheetSprite> slice_aseprite_sheet(const Image& sheet, std::string_view json, std::string_view name) {
  return AsepriteReader(json, name).sprites(sheet);
}

std::string aseprite_image_name(std::string_view json, std::string_view name) { return AsepriteReader(json, name).image_name(); }

}  // namespace kiln
