#include "engine/animation/animation.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "engine/animation/redraw.h"
#include "engine/base/error.h"
#include "engine/formats/animation.h"
#include "engine/formats/image_file.h"

using namespace kiln;
using nlohmann::json;

namespace {

// 2×1 pixels: white, and at the right so much red.
Image frame(int red) {
  Image image(2, 1);
  image.rgba = {255, 255, 255, 255, static_cast<std::uint8_t>(red), 0, 0, 255};
  return image;
}

Animation three() { return {"idle", {frame(0), frame(100), frame(200)}, {400, 80, 120}, false}; }

std::string text_of(const NewFile& file) { return {file.bytes.begin(), file.bytes.end()}; }

Error error_of(const Animation& animation, const AnimationFile& file) {
  try {
    animation_files(animation, file);
  } catch (const Failure& failure) {
    return failure.error();
  }
  return {};
}

}  // namespace

TEST_CASE("GIF and APNG: each frame as often as it is played, with its duration, enlarged") {
  Animation animation = three();
  animation.ping_pong = true;
  for (const char* path : {"idle.gif", "idle.apng"}) {
    INFO(path);
    const std::vector<NewFile> files = animation_files(animation, {.path = path, .scale = 3});
    REQUIRE(files.size() == 1);
    const std::vector<AnimationFrame> read = decode_animation(files[0].bytes, path);
    REQUIRE(read.size() == 4);
    const int red[] = {0, 100, 200, 100}, ms[] = {400, 80, 120, 80};
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK(read[i].milliseconds == ms[i]);
      CHECK(read[i].image.width == 6);
      CHECK(read[i].image.height == 3);
      CHECK(read[i].image.pixel(5, 2)[0] == red[i]);
      CHECK(read[i].image.pixel(2, 2)[1] == 255);
    }
    CHECK(animation_files(animation, {.path = path, .scale = 3})[0].bytes == files[0].bytes);
  }
}

TEST_CASE("a sheet: the frames in a row, its data file with a tag and durations") {
  Animation animation = three();
  animation.ping_pong = true;
  const std::vector<NewFile> files = animation_files(animation, {.path = "a/sheet.png", .atlas = "aseprite-array", .padding = 1});
  REQUIRE(files.size() == 2);
  CHECK(files[1].path == "a/sheet.json");
  const Image sheet = decode_image(files[0].bytes, "sheet");
  CHECK(sheet.width == 8);
  CHECK(sheet.height == 1);
  CHECK(sheet.pixel(7, 0)[0] == 200);
  const json data = json::parse(text_of(files[1]));
  CHECK(data["meta"]["image"] == "sheet.png");
  REQUIRE(data["meta"]["frameTags"].size() == 1);
  const json tag = data["meta"]["frameTags"][0];
  CHECK(tag["name"] == "idle");
  CHECK(tag["from"] == 0);
  CHECK(tag["to"] == 2);
  CHECK(tag["direction"] == "pingpong");
  CHECK(data["frames"][0]["duration"] == 400);
  CHECK(data["frames"][2]["duration"] == 120);
  CHECK(data["frames"][2]["frame"] == json{{"x", 6}, {"y", 0}, {"w", 2}, {"h", 1}});
  CHECK(animation_paths({.path = "a/sheet.png", .atlas = "godot"}) == std::vector<std::string>{"a/sheet.png", "a/sheet.tres"});
  CHECK(animation_paths({.path = "a/b.gif", .atlas = "godot"}) == std::vector<std::string>{"a/b.gif"});
}

TEST_CASE("a sheet has the options of other sheets, and its size is known before it is written") {
  const Animation animation = three();
  ParamMap values = defaults_of(animation_sheet_specs());
  CHECK(values.contains("trim"));
  CHECK_FALSE(values.contains("class_rows"));
  CHECK_FALSE(values.contains("frame_ms"));
  for (const auto& [id, value] :
       ParamMap{{"atlas", "css"}, {"columns", std::int64_t{2}}, {"border", std::int64_t{3}}, {"scale", std::int64_t{2}}})
    values[id] = value;
  const AnimationFile file = animation_file("sheet.png", values);
  CHECK(written_size(animation.frames, file) == std::pair{20, 16});
  const std::vector<NewFile> files = animation_files(animation, file);
  REQUIRE(files.size() == 2);
  const Image sheet = decode_image(files[0].bytes, "sheet");
  CHECK(sheet.width == 20);
  CHECK(sheet.height == 16);
  CHECK(sheet.pixel(5, 6)[3] == 0);
  CHECK(sheet.pixel(6, 6)[3] == 255);
  CHECK(written_size(animation.frames, animation_file("a.gif", values)) == std::pair{4, 2});
  values["trim"] = values["power_of_two"] = true;
  CHECK(written_size({Image(8, 8), Image(8, 8)}, animation_file("a.png", values)) == std::pair{16, 16});
  values["extrude"] = values["inner_padding"] = std::int64_t{1};
  CHECK_THROWS_AS(written_size(animation.frames, animation_file("a.png", values)), Failure);
}

TEST_CASE("programs that only play forth are told each frame as often as it is played") {
  Animation animation = three();
  animation.ping_pong = true;
  const auto data = [&](const char* atlas) { return text_of(animation_files(animation, {.path = "s.png", .atlas = atlas}).at(1)); };
  CHECK(data("godot").find(R"("frames": [{
"duration": 4.0,
"texture": SubResource("1")
}, {
"duration": 0.8,
"texture": SubResource("2")
}, {
"duration": 1.2,
"texture": SubResource("3")
}, {
"duration": 0.8,
"texture": SubResource("2")
}],
"loop": true,
"name": &"idle",
"speed": 10.0)") != std::string::npos);
  // 400, 80 and 120 ms are ten, two and three times 40 ms.
  std::string godot3 = "\"frames\": [";
  for (int i = 0; i < 10; ++i) godot3 += "SubResource(1), ";
  godot3 += "SubResource(2), SubResource(2), SubResource(3), SubResource(3), SubResource(3), SubResource(2), SubResource(2)]";
  CHECK(data("godot3").find(godot3) != std::string::npos);
  CHECK(data("godot3").find("\"speed\": 25.0") != std::string::npos);
  CHECK(data("tiled").find(R"( <tile id="0" type="idle">
  <animation>
   <frame tileid="0" duration="400"/>
   <frame tileid="1" duration="80"/>
   <frame tileid="2" duration="120"/>
   <frame tileid="1" duration="80"/>
  </animation>
 </tile>
)") != std::string::npos);
  // Of 680 ms, 400 are 58.82 %, 480 are 70.59 %, 600 are 88.24 %.
  CHECK(data("css").find(R"(.idle { width: 2px; height: 1px; animation: idle 680ms step-end infinite; }
@keyframes idle {
  0% { background-position: 0 0; }
  58.82% { background-position: -2px 0; }
  70.59% { background-position: -4px 0; }
  88.24% { background-position: -2px 0; }
}
)") != std::string::npos);
}

TEST_CASE("animations that cannot be written") {
  CHECK(error_of(three(), {.path = "a.webp"}).hint.find(".gif") != std::string::npos);
  Animation animation = three();
  animation.durations_ms[1] = 5;
  CHECK(error_of(animation, {.path = "a.gif"}).message.find("5 ms") != std::string::npos);
  animation.durations_ms = {100};
  CHECK(error_of(animation, {.path = "a.gif"}).message == "3 frames cannot have 1 durations");
}

TEST_CASE("what a model is asked for: its noise goes round a path of seeds, or stays") {
  Redraw redraw{"m.safetensors", {{"potion", 1}}, {{"seed", 10}, {"strength", 0.2}}, true, false};
  const auto path = [&](int index, int count) {
    const ParamMap values = redraw_request(redraw, index, count, {"f.png", {}}, {"m.png", {}}, frame(9)).settings.shared_params;
    const double part = get_real(values, "variation");
    const std::int64_t to = get_int(values, "seed"), from = part > 0 ? get_int(values, "variation_of") : to;
    return std::tuple(from, to, part);
  };
  CHECK(path(0, 6) == std::tuple(10, 10, 0.0));
  CHECK(path(1, 6) == std::tuple(10, 11, 0.5));
  CHECK(path(2, 6) == std::tuple(11, 11, 0.0));
  CHECK(path(3, 6) == std::tuple(11, 12, 0.5));
  CHECK(path(5, 6) == std::tuple(12, 10, 0.5));
  redraw.ping_pong = true;
  CHECK(path(1, 5) == std::tuple(10, 11, 0.25));
  CHECK(path(3, 5) == std::tuple(10, 11, 0.75));
  redraw.along_seeds = false;
  const SampleRequest still = redraw_request(redraw, 3, 5, {"f.png", {}}, {"m.png", {}}, frame(9));
  CHECK(get_int(still.settings.shared_params, "seed") == 10);
  CHECK_FALSE(still.settings.shared_params.contains("variation"));
  CHECK(get_real(still.settings.init_params, "strength") == 0.2);
  CHECK(get_text(still.settings.shared_params, "palette") == "#090000,#ffffff");
  CHECK(get_int(still.settings.shared_params, "count") == 1);
  CHECK(still.settings.init_image.path == "f.png");
  CHECK(still.settings.mask.path == "m.png");
  CHECK(still.conditions == std::vector<Condition>{{{"potion", 1}}});
  CHECK(first_alike({frame(1), frame(1), frame(2), frame(1)}) == std::vector<std::size_t>{0, 0, 2, 0});
}
