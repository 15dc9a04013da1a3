#include "engine/formats/sheet_json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "engine/base/error.h"
#include "engine/formats/frame_tags.h"
#include "engine/formats/image_limits.h"
#include "engine/formats/sheet_json_text.h"
#include "engine/formats/text_encoding.h"

namespace kiln {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMostSide = static_cast<int>(kLargestSide);
constexpr std::size_t kMostTold = 10;  // frames left out that are named one by one
constexpr std::size_t kMostLeftOut = 10'000;

// A reason that is told of a frame or a file, with the place in it.
struct Reason {
  std::string text;
};

std::string in_quotes(std::string_view text) { return "“" + std::string(text) + "”"; }

const Json& member(const Json& object, std::string_view key, std::string_view place) {
  if (!object.is_object()) throw Reason{in_quotes(place) + " is no object"};
  const auto found = object.find(std::string(key));
  const std::string before = place.empty() ? "" : std::string(place) + ".";
  if (found == object.end()) throw Reason{in_quotes(before + std::string(key)) + " is missing"};
  return *found;
}

int whole(const Json& object, const std::string& key, const std::string& place, int most = kMostSide) {
  const Json& value = member(object, key, place);
  const std::string full = in_quotes(place.empty() ? key : place + "." + key);
  const double number = value.is_number() ? value.get<double>() : 0.5;
  if (number != std::floor(number)) throw Reason{full + " is " + value.dump().substr(0, 20) + ", and should be a whole number"};
  if (number < 0 || number > most) throw Reason{full + " is " + value.dump().substr(0, 20)};
  return static_cast<int>(number);
}

Rect rect(const Json& value, const std::string& place) {
  return {whole(value, "x", place), whole(value, "y", place), whole(value, "w", place), whole(value, "h", place)};
}

bool flag(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return false;
  if (found->is_boolean()) return found->get<bool>();
  if (*found == 0 || *found == 1) return *found == 1;
  throw Reason{in_quotes(key) + " is " + found->dump(-1, ' ', true).substr(0, 20) + ", and should be true or false"};
}

// By its own word; without one, by a place in the full size that is not all of it.
bool is_trimmed(const Json& frame) {
  if (frame.contains("trimmed") && !frame["trimmed"].is_null()) return flag(frame, "trimmed");
  if (!frame.contains("sourceSize") || !frame.contains("spriteSourceSize")) return false;
  const Rect place = rect(frame["spriteSourceSize"], "spriteSourceSize");
  const Json& size = frame["sourceSize"];
  return place != Rect{0, 0, whole(size, "w", "sourceSize"), whole(size, "h", "sourceSize")};
}

JsonFrame frame_of(const Json& value, std::string name) {
  JsonFrame frame;
  frame.name = std::move(name);
  if (!value.is_object()) throw Reason{"it is no object"};
  const bool plain = !value.contains("frame") && value.contains("x") && value.contains("w");  // the rectangle by itself
  frame.area = plain ? rect(value, "") : rect(member(value, "frame", ""), "frame");
  frame.rotated = flag(value, "rotated");
  frame.trimmed = is_trimmed(value);
  if (frame.trimmed || value.contains("sourceSize")) {
    const Json& size = member(value, "sourceSize", "");
    frame.full_width = whole(size, "w", "sourceSize");
    frame.full_height = whole(size, "h", "sourceSize");
  }
  if (frame.trimmed) frame.place = rect(member(value, "spriteSourceSize", ""), "spriteSourceSize");
  return frame;
}

std::string text_or(const Json& object, const char* key, std::string other) {
  if (!object.is_object()) return other;
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::move(other);
}

std::vector<FrameTag> tags_of(const Json& document) {
  const auto meta = document.find("meta");
  if (meta == document.end() || !meta->is_object() || !meta->contains("frameTags")) return {};
  const Json& listed = meta->at("frameTags");
  if (!listed.is_array()) throw Reason{"“meta.frameTags” is no list"};
  std::vector<FrameTag> tags;
  for (const Json& tag : listed) {
    const Json& name = member(tag, "name", "meta.frameTags");
    if (!name.is_string()) throw Reason{"“meta.frameTags.name” is no text"};
    tags.push_back({name.get<std::string>(), static_cast<std::size_t>(whole(tag, "from", "meta.frameTags", 1 << 24)),
                    static_cast<std::size_t>(whole(tag, "to", "meta.frameTags", 1 << 24)), text_or(tag, "data", "")});
  }
  return tags;
}

// Of the tag of that name, which is one of `tags`.
void tell_tag(JsonFrame& frame, const std::string& name, const std::vector<FrameTag>& tags) {
  frame.tag = frame.class_name = name;
  const auto tag = std::find_if(tags.begin(), tags.end(), [&](const FrameTag& one) { return one.name == name; });
  const auto data = tag == tags.end() ? std::nullopt : read_tag_data(tag->data);
  if (!data) return;
  frame.animated = data->animated;
  if (!data->class_name.empty()) frame.class_name = data->class_name;
}

class SheetJsonReader {
 public:
  SheetJsonReader(std::string_view name, std::vector<std::string>& notes) : name_(name), notes_(notes) {}

  std::vector<JsonSheet> read(const std::string& text) {
    const Json document = parse_sheet_json(text, name_, notes_);
    std::vector<JsonSheet> sheets;
    try {
      if (!document.is_object()) refuse("is no sprite sheet's JSON: it is no object");
      if (const auto textures = document.find("textures"); textures != document.end() && textures->is_array()) {
        for (const Json& texture : *textures) sheets.push_back(sheet_of(texture, document, texture));
        if (sheets.empty()) refuse("names no sheets under “textures”");
      } else {
        const Json meta = document.value("meta", Json::object());
        sheets.push_back(sheet_of(document, document, meta));
        tell_of_other_packs(meta);
      }
    } catch (const Reason& reason) {
      refuse("is no sprite sheet's JSON: " + reason.text);
    } catch (const Json::exception& failure) {
      refuse("is no sprite sheet's JSON", failure.what());
    }
    const bool any = std::any_of(sheets.begin(), sheets.end(), [](const JsonSheet& sheet) { return !sheet.frames.empty(); });
    if (as_polygons_)
      notes_.push_back(std::string(name_) +
                       " packs its frames as polygons: where they lie close, pixels of others are in a sprite; " +
                       "pack them as rectangles");
    if (!any && left_out_ > 0) refuse("has no frame that can be read; the first, " + first_left_out_);
    if (left_out_ > kMostTold)
      notes_.push_back(std::string(name_) + ": " + std::to_string(left_out_ - kMostTold) + " more frames are left out");
    return sheets;
  }

 private:
  [[noreturn]] void refuse(const std::string& what, const std::string& detail = {}) const {
    refuse_sheet_json(name_, what, detail);
  }

  // `texture` has the frames, `about` names the image; the tags are the document's.
  JsonSheet sheet_of(const Json& texture, const Json& document, const Json& about) {
    JsonSheet sheet{.image = text_or(about, "image", "")};
    const Json size = about.is_object() ? about.value("size", Json()) : Json();
    try {
      if (size.is_object()) sheet.width = whole(size, "w", "size"), sheet.height = whole(size, "h", "size");
    } catch (const Reason&) {
      sheet.width = sheet.height = 0;  // a size that says nothing
    }
    const Json& frames = member(texture, "frames", "");
    if (!frames.is_object() && !frames.is_array()) throw Reason{"“frames” is neither a list nor an object"};
    std::vector<std::string> names;
    for (const auto& [key, frame] : frames.items()) names.push_back(frames.is_object() ? key : text_or(frame, "filename", key));
    std::vector<std::string> said;
    const std::vector<FrameTag> tags = tags_of(document);
    const auto tag_names = tags_of_frames(names, tags, said);
    for (const auto& note : said) notes_.push_back(std::string(name_) + ": " + note);
    std::size_t index = 0;
    for (const auto& [key, frame] : frames.items()) {
      try {
        sheet.frames.push_back(frame_of(frame, names[index]));
        as_polygons_ |= frame.contains("vertices") && frame.contains("triangles");
        tell_tag(sheet.frames.back(), tag_names[index], tags);
      } catch (const Reason& reason) {
        leave_out(names[index], reason.text);
      }
      ++index;
    }
    return sheet;
  }

  void leave_out(const std::string& frame, const std::string& reason) {
    const std::string what = in_quotes(frame) + ": " + reason;
    if (left_out_++ == 0) first_left_out_ = what;
    if (left_out_ > kMostLeftOut)
      refuse("has over " + std::to_string(kMostLeftOut) + " frames that cannot be read; the first, " + first_left_out_);
    if (left_out_ <= kMostTold) notes_.push_back(std::string(name_) + ": a frame is left out, " + what);
  }

  // TexturePacker's parts, each in a JSON file of its own.
  void tell_of_other_packs(const Json& meta) {
    const auto others = meta.is_object() ? meta.find("related_multi_packs") : meta.end();
    if (others == meta.end() || !others->is_array() || others->empty()) return;
    std::string names;
    for (const Json& other : *others) names += (names.empty() ? "" : ", ") + (other.is_string() ? other.get<std::string>() : "?");
    notes_.push_back(std::string(name_) + " is one part of several; the others are " + names.substr(0, 200));
  }

  std::string_view name_;
  std::vector<std::string>& notes_;
  bool as_polygons_ = false;
  std::size_t left_out_ = 0;
  std::string first_left_out_;
};

// Aseprite's inner padding lies around the picture within its frame: half of the difference on each side.
void take_off_padding(SheetSprite& sprite, int width, int height) {
  const int more_x = sprite.image.width - width, more_y = sprite.image.height - height;
  if (more_x != more_y || more_x <= 0 || more_x % 2 != 0 || width < 1 || height < 1) return;
  sprite.image = cut_out(sprite.image, {more_x / 2, more_y / 2, width, height});
}

Image turned_left(const Image& image) {
  Image turned(image.height, image.width);
  for (int y = 0; y < turned.height; ++y) {
    for (int x = 0; x < turned.width; ++x) std::copy_n(image.pixel(image.width - 1 - y, x), 4, turned.pixel(x, y));
  }
  return turned;
}

bool lies_within(const JsonFrame& frame, int width, int height) {
  const int w = frame.rotated ? frame.area.height : frame.area.width, h = frame.rotated ? frame.area.width : frame.area.height;
  return w <= width - frame.area.x && h <= height - frame.area.y;
}

Rect times(const Rect& rect, int factor) { return {rect.x * factor, rect.y * factor, rect.width * factor, rect.height * factor}; }

// The frames on an image that may have been enlarged by a whole factor after its export. Of other sizes a note tells.
JsonSheet fitted_to(const Image& image, JsonSheet sheet, std::string_view name, std::vector<std::string>& notes) {
  if (sheet.width < 1 || sheet.height < 1 || (sheet.width == image.width && sheet.height == image.height)) return sheet;
  const std::string sizes = std::string(name) + " is for a sheet of " + std::to_string(sheet.width) + "×" +
                            std::to_string(sheet.height) + ", and the image has " + std::to_string(image.width) + "×" +
                            std::to_string(image.height);
  const int factor = image.width / sheet.width;
  const bool enlarged = image.width == sheet.width * factor && image.height == sheet.height * factor && factor > 1 &&
                        std::all_of(sheet.frames.begin(), sheet.frames.end(),
                                    [&](const JsonFrame& frame) { return lies_within(frame, sheet.width, sheet.height); });
  if (!enlarged) {
    notes.push_back(sizes + ": the frames are cut as they are listed");
    return sheet;
  }
  notes.push_back(sizes + ": the frames are taken " + std::to_string(factor) + " times as large");
  for (JsonFrame& frame : sheet.frames) {
    frame.area = times(frame.area, factor);
    frame.place = times(frame.place, factor);
    frame.full_width *= factor;
    frame.full_height *= factor;
  }
  return sheet;
}

}  // namespace

std::vector<JsonSheet> read_sheet_json(std::string_view bytes, std::string_view name, std::vector<std::string>& notes) {
  const std::string text = as_utf8({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, name);
  return SheetJsonReader(name, notes).read(text);
}

std::vector<SheetSprite> cut_frames(const Image& image, const JsonSheet& described, std::string_view name,
                                    std::vector<std::string>& notes) {
  const JsonSheet sheet = fitted_to(image, described, name, notes);
  std::vector<SheetSprite> sprites;
  std::size_t pixels = 0, outside = 0;
  for (const JsonFrame& frame : sheet.frames) {
    Rect area = frame.area;
    if (frame.rotated) std::swap(area.width, area.height);
    const bool inside =
        area.width >= 1 && area.height >= 1 && area.width <= image.width - area.x && area.height <= image.height - area.y;
    if (!inside) {
      if (++outside <= kMostTold)
        notes.push_back(std::string(name) + ": frame " + in_quotes(frame.name) + " lies outside of the sheet");
      continue;
    }
    SheetSprite sprite{frame.name, frame.class_name, area, cut_out(image, area), frame.tag, frame.animated};
    if (frame.rotated) sprite.image = turned_left(sprite.image);
    take_off_padding(sprite, frame.trimmed ? frame.place.width : frame.full_width,
                     frame.trimmed ? frame.place.height : frame.full_height);
    pixels += frame.trimmed ? static_cast<std::size_t>(frame.full_width) * static_cast<std::size_t>(frame.full_height)
                            : sprite.image.rgba.size() / 4;
    if (pixels > kMostPixels)
      throw Failure(ErrorCode::kCorrupt, in_quotes(name) + " has frames that are together far larger than any sheet",
                    "export it again");
    if (frame.trimmed) {
      Image full(frame.full_width, frame.full_height);
      paste(full, sprite.image, frame.place.x, frame.place.y);
      if (frame.place.x + sprite.image.width > full.width || frame.place.y + sprite.image.height > full.height)
        notes.push_back(std::string(name) + ": frame " + in_quotes(frame.name) +
                        " reaches out of its “sourceSize”, and is cut there");
      sprite.image = std::move(full);
    }
    if (!is_transparent(sprite.image)) sprites.push_back(std::move(sprite));
  }
  if (outside > 0 && outside == sheet.frames.size()) {
    throw Failure(
        ErrorCode::kInvalidArgument,
        "the frames of " + in_quotes(name) + " lie outside of its sheet, the first " + in_quotes(sheet.frames.front().name),
        "choose the JSON that was exported with this image");
  }
  return sprites;
}

std::filesystem::path sheet_image(const std::filesystem::path& file, const JsonSheet& sheet, std::vector<std::string>& notes) {
  std::string image = sheet.image;
  std::replace(image.begin(), image.end(), '\\', '/');  // as Windows writes it
  if (!image.empty()) return file.parent_path() / std::filesystem::path(image).filename();
  auto beside = std::filesystem::path(file).replace_extension(".png");
  if (std::error_code error; !std::filesystem::exists(beside, error)) {
    throw Failure(
        ErrorCode::kUnsupported,
        in_quotes(file.filename().string()) + " does not name its sheet, and there is no " + in_quotes(beside.filename().string()),
        "put the image beside it under that name; Aseprite names it under meta.image");
  }
  notes.push_back(file.filename().string() + " does not name its sheet: " + beside.filename().string() + " is taken");
  return beside;
}

}  // namespace kiln
