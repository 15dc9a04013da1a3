#include "engine/formats/atlas/atlas.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "support.h"

using namespace kiln;
using namespace kiln::test;
using nlohmann::json;

namespace {

// Two potions and a “<big> cat”, in a sheet of 40×24 with a margin of 2 and 4 between the tiles of 8.
AtlasSheet tiles() {
  AtlasSheet sheet{"sheet.png", 40, 24, false, "abc", 2, 4, {}};
  sheet.frames = {{"potion_0", "potion", {2, 2, 8, 8}, {0, 0, 8, 8}, 8, 8, {{"seed", 7}, {"guidance", 2.5}}, {}},
                  {"potion_1", "potion", {14, 2, 8, 8}, {0, 0, 8, 8}, 8, 8, {{"seed", 9007199254740991}}, {}},
                  {"<big>_cat_0", "<big> cat", {2, 14, 8, 8}, {0, 0, 8, 8}, 8, 8, {}, {}}};
  return sheet;
}

// One sprite of 8×8, of which 3×2 pixels from 4,5 on are drawn, amid 1 pixel of inner padding.
AtlasSheet trimmed() {
  AtlasSheet sheet{"t.png", 16, 16, true, "abc", 0, 0, {}};
  sheet.frames = {{"2 a", "", {1, 6, 5, 4}, {4, 5, 3, 2}, 8, 8, {}, {}}};
  return sheet;
}

}  // namespace

TEST_CASE("Aseprite's JSON: frames by name and as a list, a tag for each class") {
  const json hash = json::parse(encode_atlas("aseprite-hash", tiles()));
  CHECK(hash["frames"]["potion_1"]["frame"] == json{{"x", 14}, {"y", 2}, {"w", 8}, {"h", 8}});
  CHECK(hash["frames"]["potion_1"]["trimmed"] == false);
  CHECK(hash["frames"]["potion_1"]["duration"] == 100);
  CHECK(hash["meta"]["image"] == "sheet.png");
  CHECK(hash["meta"]["format"] == "RGBA8888");
  CHECK(hash["meta"]["size"] == json{{"w", 40}, {"h", 24}});
  const json tags = hash["meta"]["frameTags"];
  REQUIRE(tags.size() == 2);
  CHECK(tags[0]["name"] == "potion");
  CHECK(tags[0]["from"] == 0);
  CHECK(tags[0]["to"] == 1);
  CHECK(tags[0]["data"] == "animated=0;class=potion");
  CHECK(tags[1]["name"] == "<big> cat");
  CHECK(tags[1]["from"] == 2);
  const json list = json::parse(encode_atlas("aseprite-array", tiles()));
  REQUIRE(list["frames"].size() == 3);
  CHECK(list["frames"][2]["filename"] == "<big>_cat_0");
  CHECK(list["frames"][2]["frame"]["y"] == 14);
  const json small = json::parse(encode_atlas("aseprite-array", trimmed()));
  CHECK(small["frames"][0]["trimmed"] == true);
  CHECK(small["frames"][0]["frame"] == json{{"x", 1}, {"y", 6}, {"w", 5}, {"h", 4}});
  CHECK(small["frames"][0]["spriteSourceSize"] == json{{"x", 4}, {"y", 5}, {"w", 3}, {"h", 2}});
  CHECK(small["frames"][0]["sourceSize"] == json{{"w", 8}, {"h", 8}});
  CHECK(small["meta"]["format"] == "I8");
  CHECK(small["meta"]["frameTags"].empty());
}

TEST_CASE("A tileset of Tiled, its tiles numbered as Tiled numbers them, and a collection of images") {
  CHECK(encode_atlas("tiled", tiles()) == R"(<?xml version="1.0" encoding="UTF-8"?>
<tileset version="1.8" name="sheet" tilewidth="8" tileheight="8" spacing="4" margin="2" tilecount="6" columns="3">
 <image source="sheet.png" width="40" height="24"/>
 <tile id="0" type="potion">
  <properties>
   <property name="guidance" type="float" value="2.5"/>
   <property name="seed" type="int" value="7"/>
  </properties>
 </tile>
 <tile id="1" type="potion">
  <properties>
   <property name="seed" value="9007199254740991"/>
  </properties>
 </tile>
 <tile id="3" type="&lt;big&gt; cat"/>
</tileset>
)");
  AtlasSheet collection = tiles();
  collection.image.clear();
  collection.frames.resize(1);
  collection.frames[0].properties.clear();
  collection.frames[0].image = "potion/0.png";
  CHECK(encode_atlas("tiled", collection) == R"(<?xml version="1.0" encoding="UTF-8"?>
<tileset version="1.8" name="sprites" tilewidth="8" tileheight="8" spacing="4" margin="2" tilecount="1" columns="0">
 <grid orientation="orthogonal" width="1" height="1"/>
 <tile id="0" type="potion">
  <image width="8" height="8" source="potion/0.png"/>
 </tile>
</tileset>
)");
  CHECK(error_of([] { encode_atlas("tiled", trimmed()); }).hint.find("trim") != std::string::npos);
}

TEST_CASE("Godot's SpriteFrames, of version 4 and 3") {
  AtlasSheet sheet = tiles();
  sheet.frames.resize(1);
  CHECK(encode_atlas("godot", sheet) == R"([gd_resource type="SpriteFrames" load_steps=3 format=3]

[ext_resource type="Texture2D" path="sheet.png" id="1"]

[sub_resource type="AtlasTexture" id="1"]
resource_name = "potion_0"
atlas = ExtResource("1")
region = Rect2(2, 2, 8, 8)
filter_clip = true

[resource]
animations = [{
"frames": [{
"duration": 1.0,
"texture": SubResource("1")
}],
"loop": true,
"name": &"potion",
"speed": 10.0
}]
)");
  CHECK(encode_atlas("godot3", trimmed()) == R"([gd_resource type="SpriteFrames" load_steps=3 format=2]

[ext_resource type="Texture" path="t.png" id=1]

[sub_resource type="AtlasTexture" id=1]
atlas = ExtResource(1)
region = Rect2(1, 6, 5, 4)
margin = Rect2(4, 5, 5, 6)
filter_clip = true

[resource]
animations = [{
"frames": [SubResource(1)],
"loop": true,
"name": "default",
"speed": 10.0
}]
)");
}

TEST_CASE("Unity's slices count from below; a GUID that is there stays") {
  const std::string text = encode_atlas("unity", tiles());
  CHECK(text.find(
            "      name: potion_1\n      rect:\n        serializedVersion: 2\n        x: 14\n        y: 14\n        width: 8\n") !=
        std::string::npos);
  CHECK(text.find("spriteMode: 2\n") != std::string::npos);
  CHECK(text.find("filterMode: 0\n") != std::string::npos);
  CHECK(text.find("spritePixelsToUnits: 8\n") != std::string::npos);
  CHECK(text.find("name: \"<big>_cat_0\"\n") != std::string::npos);
  CHECK(encode_atlas("unity", tiles()) == text);
  AtlasSheet other = tiles();
  other.hash = "abd";
  CHECK(encode_atlas("unity", other).substr(0, 60) != text.substr(0, 60));
  CHECK(encode_atlas("unity", other, text).substr(0, 60) == text.substr(0, 60));
  // The middle of the whole sprite, 4,4, lies at 1,0 of the frame's padding: right of it, and above its upper edge.
  CHECK(encode_atlas("unity", trimmed()).find("alignment: 9\n      pivot: {x: 0.2, y: 1}\n") != std::string::npos);
}

TEST_CASE("A style sheet: names are escaped, trimmed sprites keep their place") {
  CHECK(encode_atlas("css", trimmed()) == R"(.sprite {
  display: inline-block;
  background-image: url("t.png");
  background-repeat: no-repeat;
  image-rendering: pixelated;
}
.\32 \20 a { width: 5px; height: 4px; background-position: -1px -6px; margin: 5px 1px 1px 4px; }
)");
}

TEST_CASE("Kinds that there are not, and sheets that there are not") {
  CHECK(error_of([] { encode_atlas("tilde", tiles()); }).hint.find("tiled") != std::string::npos);
  AtlasSheet collection = tiles();
  collection.image.clear();
  for (const char* kind : {"aseprite-hash", "aseprite-array", "godot", "godot3", "unity", "css"})
    CHECK(error_of([&] { encode_atlas(kind, collection); }).code == ErrorCode::kInvalidArgument);
}

TEST_CASE("an animation has a tag of its own and is played, while the sprites of a class beside it are not") {
  AtlasSheet sheet = tiles();
  for (int i = 0; i < 2; ++i)
    sheet.frames[static_cast<std::size_t>(i)].tag = "potion 2", sheet.frames[static_cast<std::size_t>(i)].animated = true;
  sheet.frames[1].milliseconds = 50;
  sheet.frames.push_back(sheet.frames[2]);
  const json tags = json::parse(encode_atlas("aseprite-array", sheet))["meta"]["frameTags"];
  REQUIRE(tags.size() == 2);
  CHECK(tags[0]["name"] == "potion 2");
  CHECK(tags[0]["data"] == "animated=1;class=potion");
  CHECK(tags[1]["data"] == "animated=0;class=<big> cat");
  const std::string tiled = encode_atlas("tiled", sheet), css = encode_atlas("css", sheet);
  CHECK(tiled.find(R"( <tile id="0" type="potion">)") != std::string::npos);
  CHECK(tiled.find(R"(  <animation>
   <frame tileid="0" duration="100"/>
   <frame tileid="1" duration="50"/>
  </animation>)") != std::string::npos);
  CHECK(tiled.find("<animation>") == tiled.rfind("<animation>"));
  CHECK(css.find("@keyframes potion\\20 2 {\n  0% { background-position: -2px -2px; }\n  66.67% ") != std::string::npos);
  CHECK(css.find("@keyframes") == css.rfind("@keyframes"));
  sheet.frames[1].class_name = "other";
  CHECK(json::parse(encode_atlas("aseprite-hash", sheet))["meta"]["frameTags"][0]["data"] == "animated=1");
}
