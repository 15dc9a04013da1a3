#include "engine/formats/sheet_json_text.h"

#include <algorithm>
#include <set>

#include "engine/base/error.h"
#include "engine/formats/file_kind.h"

namespace kiln {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDeepest = 32;
constexpr std::size_t kMostValues = 1'000'000;  // some 50,000 frames

std::string in_quotes(std::string_view text) { return "“" + std::string(text) + "”"; }

// Watches over a document while it is read: its size, and the keys that name frames.
class Watch {
 public:
  explicit Watch(std::string_view name) : name_(name) {}

  bool operator()(int depth, Json::parse_event_t event, const Json& value) {
    using Event = Json::parse_event_t;
    if (depth > kDeepest) refuse_sheet_json(name_, "nests values too deeply");
    if (++values_ > kMostValues) refuse_sheet_json(name_, "has more than a million values");
    if (event == Event::object_start)
      open_.push_back({!open_.empty() && open_.back().key == "frames", {}, {}});
    else if (event == Event::array_start)
      open_.push_back({false, {}, {}});
    else if (event == Event::object_end || event == Event::array_end)
      open_.pop_back();
    else if (event == Event::key)
      look_at_key(value.get<std::string>());
    return true;
  }

 private:
  // An object, or a list, which has no keys.
  struct Open {
    bool of_frames = false;
    std::string key;             // the newest
    std::set<std::string> seen;  // of frames, and “frames” itself
  };

  void look_at_key(std::string key) {
    Open& object = open_.back();
    if ((object.of_frames || key == "frames") && !object.seen.insert(key).second) {
      throw Failure(
          ErrorCode::kCorrupt,
          in_quotes(name_) + (object.of_frames ? " has several frames of the same key, " + in_quotes(key) : " has “frames” twice"),
          "export it as an array, or with {frame} in the item's name");
    }
    object.key = std::move(key);
  }

  std::string_view name_;
  std::vector<Open> open_;
  std::size_t values_ = 0;
};

Json parse(const std::string& text, std::string_view name) {
  Watch watch(name);
  return Json::parse(text, [&](int depth, Json::parse_event_t event, Json& value) { return watch(depth, event, value); });
}

// “line 3, column 7”, both from 1: of the byte at `at`.
std::string place_in(std::string_view text, std::size_t at) {
  std::size_t line = 1, column = 1;
  for (std::size_t i = 0; i < std::min(at, text.size()); ++i) {
    const bool breaks = text[i] == '\n' || (text[i] == '\r' && !text.substr(i).starts_with("\r\n"));
    if (breaks)
      ++line, column = 1;
    else
      column += (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;  // UTF-8: once a letter
  }
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

// Where texts hold control characters, which JSON forbids, and the text with spaces in their place.
std::string with_spaces_in_texts(std::string text, std::vector<std::size_t>& places) {
  bool within = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') within = !within;
    if (!within) continue;
    if (text[i] == '\\') {
      ++i;
    } else if (static_cast<unsigned char>(text[i]) < ' ') {
      places.push_back(i);
      text[i] = ' ';
    }
  }
  return text;
}

// If it is known what it is, and that is no JSON at all, or another program's.
void refuse_other_kind(const std::string& text, std::string_view name) {
  const auto kind = kind_of_file({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  if (kind && kind->what != kPlainJson) throw Failure(ErrorCode::kUnsupported, in_quotes(name) + " is " + kind->what, kind->hint);
}

[[noreturn]] void refuse_syntax(const std::string& text, std::string_view name, const Json::parse_error& failure) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && text[first] != '{' && text[first] != '[') refuse_other_kind(text, name);
  const bool cut = failure.byte > text.size();
  const std::string place = place_in(text, failure.byte > 0 ? failure.byte - 1 : 0);
  throw Failure(ErrorCode::kCorrupt, in_quotes(name) + (cut ? " is cut off in " : " is no JSON in ") + place,
                "export or copy the file again", failure.what());
}

Json parsed(const std::string& text, std::string_view name, std::vector<std::string>& notes) {
  std::vector<std::size_t> places;
  try {
    return parse(text, name);
  } catch (const Json::parse_error& failure) {
    const std::string repaired = with_spaces_in_texts(text, places);
    if (places.empty()) refuse_syntax(text, name, failure);
    try {
      Json document = parse(repaired, name);
      notes.push_back(std::string(name) + ": line breaks or tabs in texts are read as spaces, the first in " +
                      place_in(text, places.front()));
      return document;
    } catch (const Json::parse_error& still) {
      refuse_syntax(text, name, still);
    } catch (const Json::exception& other) {
      refuse_sheet_json(name, "is no sprite sheet's JSON", other.what());
    }
  } catch (const Json::exception& failure) {  // a number beyond all bounds
    refuse_sheet_json(name, "is no sprite sheet's JSON", failure.what());
  }
}

}  // namespace

void refuse_sheet_json(std::string_view name, const std::string& what, const std::string& detail) {
  throw Failure(
      ErrorCode::kCorrupt, in_quotes(name) + " " + what,
      "export it from Aseprite with File › Export Sprite Sheet, JSON Data; or choose the image, and give the size of its sprites",
      detail);
}

Json parse_sheet_json(const std::string& text, std::string_view name, std::vector<std::string>& notes) {
  Json document = parsed(text, name, notes);
  if (document.is_object() && !document.contains("frames") && !document.contains("textures")) refuse_other_kind(text, name);
  return document;
}

}  // namespace kiln
