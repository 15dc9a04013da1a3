// The golden files and what they must give are made by make_ase.py, independently of the engine.

#include "engine/formats/ase/ase_file.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/engine/formats/support.h"

using namespace kiln;
using namespace kiln::test;

namespace {

using Json = nlohmann::json;

AseFile read_golden(const std::string& name, std::vector<std::string>& notes) {
  return read_ase(read_file(golden(name)), name, notes);
}

// The largest difference from the pixels in hexadecimal; colours of transparent pixels must be alike too.
int largest_difference(const Image& image, const std::string& hex) {
  if (hex.size() != image.rgba.size() * 2) return 256;
  int largest = 0;
  for (std::size_t i = 0; i < image.rgba.size(); ++i) {
    largest = std::max(largest, std::abs(image.rgba[i] - std::stoi(hex.substr(2 * i, 2), nullptr, 16)));
  }
  return largest;
}

Json as_json(const std::vector<AseTag>& tags) {
  Json all = Json::array();
  for (const AseTag& tag : tags) all.push_back({tag.name, tag.from, tag.to, static_cast<int>(tag.direction)});
  return all;
}

Json as_json(const std::vector<AseSlice>& slices) {
  Json all = Json::array();
  for (const AseSlice& s : slices) all.push_back({s.name, s.rect.x, s.rect.y, s.rect.width, s.rect.height});
  return all;
}

void check_frames(const AseFile& file, const Json& frames) {
  REQUIRE(file.frames.size() == frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    CAPTURE(i);
    const AseSprite& sprite = file.frames[i];
    CHECK(sprite.name == frames[i]["name"].get<std::string>());
    CHECK(sprite.class_name == frames[i]["class"].get<std::string>());
    CHECK(sprite.milliseconds == frames[i]["ms"].get<int>());
    CHECK(sprite.image.width == file.width);
    CHECK(sprite.image.height == file.height);
    CHECK(largest_difference(sprite.image, frames[i]["pixels"].get<std::string>()) <= 1);
  }
}

void check_notes(const std::vector<std::string>& notes, const Json& parts) {
  CHECK(notes.size() == parts.size());
  for (std::size_t i = 0; i < std::min(notes.size(), parts.size()); ++i) {
    CHECK_MESSAGE(notes[i].find(parts[i].get<std::string>()) != std::string::npos, notes[i]);
  }
}

}  // namespace

TEST_CASE("Aseprite files give the frames, palettes, tags, slices and notes that were computed beside them") {
  const Json all = Json::parse(read_text(golden("ase.json")));
  CHECK(all.size() > 12);
  for (const auto& [name, expected] : all.items()) {
    CAPTURE(name);
    CHECK(is_ase(read_file(golden(name))));
    std::vector<std::string> notes;
    const AseFile file = read_golden(name, notes);
    check_frames(file, expected["frames"]);
    check_notes(notes, expected["notes"]);
    CHECK(Json(file.palette) == expected.value("palette", Json::array()));
    CHECK(as_json(file.tags) == expected.value("tags", Json::array()));
    CHECK(as_json(file.slices) == expected.value("slices", Json::array()));
  }
}

TEST_CASE("Aseprite files are known by their beginning") {
  const Bytes whole = read_file(golden("grey.aseprite"));
  CHECK(is_ase(whole));
  CHECK_FALSE(is_ase(std::span(whole).first(143)));
  CHECK_FALSE(is_ase({}));
  for (const std::size_t at : {4, 5, 132, 133}) {
    Bytes other = whole;
    ++other[at];
    CHECK_FALSE(is_ase(other));
  }
  CHECK_FALSE(is_ase(read_file(golden("rgba.png"))));
}

TEST_CASE("Aseprite files that are cut off anywhere are refused by their name") {
  const Json all = Json::parse(read_text(golden("ase.json")));
  for (const auto& [name, expected] : all.items()) {
    CAPTURE(name);
    const Bytes whole = read_file(golden(name));
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      std::vector<std::string> notes;
      const Error error = error_of([&] { read_ase(cut, "cut.aseprite", notes); });
      REQUIRE(error.code == ErrorCode::kCorrupt);
      REQUIRE(error.message.find("“cut.aseprite”") != std::string::npos);
    }
  }
}

TEST_CASE("no changed byte of an Aseprite file does more than change what is read or have it refused") {
  for (const std::string name : {"indexed.aseprite", "tilemap.aseprite", "groups.aseprite", "tags.aseprite", "slices.aseprite"}) {
    CAPTURE(name);
    const Bytes whole = read_file(golden(name));
    for (std::size_t at = 0; at < whole.size(); ++at) {
      if (at >= 7 && at < 12) continue;  // canvases of many megabytes
      for (const int change : {0x01, 0x80, 0xFF}) {
        Bytes changed = whole;
        changed[at] = static_cast<std::uint8_t>(changed[at] ^ change);
        std::vector<std::string> notes;
        try {
          read_ase(changed, "changed.aseprite", notes);
        } catch (const Failure& failure) {
          REQUIRE(failure.error().message.find("“changed.aseprite”") != std::string::npos);
        }
      }
    }
  }
}
