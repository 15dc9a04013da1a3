#include "engine/formats/sheet_json.h"

#include <doctest/doctest.h>

#include "engine/formats/image_file.h"
#include "sheet_support.h"
#include "support.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using namespace kiln::test;

namespace {

std::vector<SheetSprite> sliced(const Image& image, std::string_view json, std::vector<std::string>& notes) {
  std::vector<SheetSprite> sprites;
  for (const JsonSheet& sheet : read_sheet_json(json, "s.json", notes)) {
    for (auto& sprite : cut_frames(image, sheet, "s.json", notes)) sprites.push_back(std::move(sprite));
  }
  return sprites;
}

std::vector<SheetSprite> sliced(const Image& image, std::string_view json) {
  std::vector<std::string> notes;
  return sliced(image, json, notes);
}

std::string frame_json(const std::string& rect, const std::string& more = "") { return R"({"frame":)" + rect + more + "}"; }

}  // namespace

TEST_CASE("Aseprite frames as array and as hash, with tags as classes") {
  const Image sheet = numbered(16, 8);
  const std::string a = R"({"x":0,"y":0,"w":8,"h":8})", b = R"({"x":8,"y":0,"w":8,"h":8})";
  const std::string meta = R"("meta":{"image":"s.png","frameTags":[{"name":"walk","from":1,"to":1,"direction":"forward"}]})";
  const std::string array =
      R"({"frames":[)" + frame_json(a, R"(,"filename":"z 0")") + "," + frame_json(b, R"(,"filename":"a 1")") + "]," + meta + "}";
  const std::string hash = R"({"frames":{"z 0":)" + frame_json(a) + R"(,"a 1":)" + frame_json(b) + "}," + meta + "}";
  for (const std::string& json : {array, hash}) {
    const auto sprites = sliced(sheet, json);
    REQUIRE(sprites.size() == 2);
    CHECK(sprites[0].name == "z 0");
    CHECK(sprites[0].class_name.empty());
    CHECK(sprites[1].name == "a 1");
    CHECK(sprites[1].class_name == "walk");
    CHECK(sprites[1].rect == Rect{8, 0, 8, 8});
    CHECK(shows(sprites[1].image, 7, 7, 15, 7));
  }
}

TEST_CASE("trimmed and rotated Aseprite frames come back upright in their full size") {
  const Image sheet = numbered(16, 8);
  const std::string trimmed =
      R"({"frames":{"t":)" +
      frame_json(R"({"x":3,"y":2,"w":2,"h":3})",
                 R"(,"trimmed":true,"spriteSourceSize":{"x":4,"y":1,"w":2,"h":3},"sourceSize":{"w":8,"h":6})") +
      "}}";
  const auto sprites = sliced(sheet, trimmed);
  REQUIRE(sprites.size() == 1);
  CHECK(sprites[0].image.width == 8);
  CHECK(sprites[0].image.height == 6);
  CHECK(shows(sprites[0].image, 4, 1, 3, 2));
  CHECK(shows(sprites[0].image, 5, 3, 4, 4));
  CHECK(sprites[0].image.pixel(0, 0)[3] == 0);
  // Upright 2 wide and 3 high; in the sheet it lies on its right side, 3 wide and 2 high.
  const std::string rotated = R"({"frames":{"r":)" + frame_json(R"({"x":3,"y":2,"w":2,"h":3})", R"(,"rotated":true)") + "}}";
  const Image upright = sliced(sheet, rotated)[0].image;
  CHECK(upright.width == 2);
  CHECK(upright.height == 3);
  CHECK(shows(upright, 0, 0, 5, 2));
  CHECK(shows(upright, 1, 2, 3, 3));
}

TEST_CASE("a frame of a multipack that is trimmed and rotated comes back upright at its place") {
  const auto sprites = sliced(numbered(16, 8), R"({"textures":[{"image":"a.png","frames":[
    {"filename":"hero","rotated":true,"trimmed":true,"sourceSize":{"w":5,"h":6},"spriteSourceSize":{"x":1,"y":2,"w":2,"h":3},
     "frame":{"x":3,"y":2,"w":2,"h":3}}]}]})");
  REQUIRE(sprites.size() == 1);
  const Image& hero = sprites[0].image;
  CHECK(hero.width == 5);
  CHECK(hero.height == 6);
  // In the sheet it is 3 wide and 2 high from (3, 2) on: its upper left is there at the right, its lower right at the left below.
  CHECK(shows(hero, 1, 2, 5, 2));
  CHECK(shows(hero, 2, 2, 5, 3));
  CHECK(shows(hero, 1, 4, 3, 2));
  CHECK(shows(hero, 2, 4, 3, 3));
  for (const auto& [x, y] : {std::pair(0, 2), {3, 2}, {1, 1}, {1, 5}}) CHECK(hero.pixel(x, y)[3] == 0);
}

TEST_CASE("whether a frame is rotated may be written as a number; another word for it leaves the frame out") {
  const auto cut = [](const std::string& word, std::vector<std::string>& notes) {
    return sliced(
        numbered(16, 8),
        R"({"frames":{"a":{"frame":{"x":0,"y":0,"w":8,"h":8}},"r":{"frame":{"x":3,"y":2,"w":2,"h":3},"rotated":)" + word + "}}}",
        notes);
  };
  std::vector<std::string> notes;
  CHECK(shows(cut("1", notes).at(1).image, 0, 0, 5, 2));
  CHECK(shows(cut("0", notes).at(1).image, 0, 0, 3, 2));
  CHECK(shows(cut("null", notes).at(1).image, 0, 0, 3, 2));
  CHECK(notes.empty());
  CHECK(cut("90", notes).size() == 1);
  CHECK(cut(R"("cw")", notes).size() == 1);
  REQUIRE(notes.size() == 2);
  CHECK(notes[0].find("“rotated” is 90") != std::string::npos);
}

TEST_CASE("frames that are packed as polygons are told") {
  std::vector<std::string> notes;
  const auto sprites = sliced(numbered(16, 8), R"({"frames":{"a":{"frame":{"x":0,"y":0,"w":8,"h":8},
    "vertices":[[0,0],[8,0],[0,8]],"verticesUV":[[0,0],[8,0],[0,8]],"triangles":[[0,1,2]]}}})",
                              notes);
  CHECK(sprites.size() == 1);
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].find("polygons") != std::string::npos);
}

TEST_CASE("JSON that is no sheet, and frames outside it") {
  const Image sheet = numbered(16, 8);
  for (const std::string json :
       {"", "{", "[]", "{}", R"({"frames":3})", R"({"frames":[1]})", R"({"frames":{"a":{"frame":{"x":0,"y":0,"w":8}}}})",
        R"({"frames":{"a":{"frame":{"x":-1,"y":0,"w":8,"h":8}}}})", R"({"frames":{"a":{"frame":{"x":0.5,"y":0,"w":8,"h":8}}}})"}) {
    CAPTURE(json);
    CHECK(error_of([&] { sliced(sheet, json); }).code == ErrorCode::kCorrupt);
  }
  CHECK(error_of([&] { sliced(sheet, std::string(1'000'000, '[')); }).code == ErrorCode::kCorrupt);
  const std::string outside = R"({"frames":{"a":{"frame":{"x":9,"y":0,"w":8,"h":8}}}})";
  CHECK(error_of([&] { sliced(sheet, outside); }).code == ErrorCode::kInvalidArgument);
}

TEST_CASE("Aseprite's inner padding is taken off, of trimmed frames and of others") {
  const Image sheet = numbered(16, 8);
  const auto plain =
      sliced(sheet, R"({"frames":{"a":)" + frame_json(R"({"x":2,"y":0,"w":6,"h":8})", R"(,"sourceSize":{"w":4,"h":6})") + "}}");
  REQUIRE(plain.size() == 1);
  CHECK(plain[0].image.width == 4);
  CHECK(plain[0].image.height == 6);
  CHECK(shows(plain[0].image, 0, 0, 3, 1));
  const auto trimmed =
      sliced(sheet, R"({"frames":{"a":)" +
                        frame_json(R"({"x":2,"y":0,"w":6,"h":7})",
                                   R"(,"trimmed":true,"spriteSourceSize":{"x":1,"y":3,"w":4,"h":5},"sourceSize":{"w":8,"h":8})") +
                        "}}");
  REQUIRE(trimmed.size() == 1);
  CHECK(trimmed[0].image.width == 8);
  CHECK(trimmed[0].image.pixel(0, 3)[3] == 0);
  CHECK(shows(trimmed[0].image, 1, 3, 3, 1));
  CHECK(shows(trimmed[0].image, 4, 7, 6, 5));
}

TEST_CASE("frames of one key are not lost: the file is refused with the key") {
  const std::string frame = frame_json(R"({"x":0,"y":0,"w":8,"h":8})");
  const Error error =
      error_of([&] { sliced(numbered(16, 8), R"({"frames":{"knight.":)" + frame + R"(,"knight.":)" + frame + "}}"); });
  CHECK(error.code == ErrorCode::kCorrupt);
  CHECK(error.message.find("“knight.”") != std::string::npos);
  CHECK(error.hint.find("array") != std::string::npos);
}

TEST_CASE("frames of one key are found in the sheets under “textures” too, and a second list of frames is") {
  const std::string frame = frame_json(R"({"x":0,"y":0,"w":8,"h":8})");
  const auto refusal = [](const std::string& json) { return error_of([&] { sliced(numbered(16, 8), json); }).message; };
  CHECK(refusal(R"({"textures":[{"image":"s.png","frames":{"a":)" + frame + R"(,"a":)" + frame + "}}]}").find("“a”") !=
        std::string::npos);
  CHECK(refusal(R"({"frames":{"a":)" + frame + R"(},"frames":{"b":)" + frame + "}}").find("“frames” twice") != std::string::npos);
  // What is called so within a frame, and equal keys elsewhere, are nobody's frames.
  CHECK(sliced(numbered(16, 8), R"({"meta":{"a":1,"a":2},"frames":{"a":{"frame":{"x":0,"y":0,"w":8,"h":8},"note":1,"note":2}}})")
            .size() == 1);
}

TEST_CASE("a frame that does not say that it is trimmed is, if its place is not all of its full size") {
  const Image sheet = numbered(16, 8);
  const auto cut = [&](const std::string& more) {
    return sliced(sheet, R"({"frames":{"t":)" + frame_json(R"({"x":3,"y":2,"w":2,"h":3})", more) + "}}").front().image;
  };
  const Image placed = cut(R"(,"spriteSourceSize":{"x":4,"y":1,"w":2,"h":3},"sourceSize":{"w":8,"h":6})");
  CHECK(placed.width == 8);
  CHECK(placed.height == 6);
  CHECK(shows(placed, 4, 1, 3, 2));
  CHECK(cut(R"(,"spriteSourceSize":{"x":0,"y":0,"w":2,"h":3},"sourceSize":{"w":2,"h":3})").width == 2);
  CHECK(cut(R"(,"trimmed":false,"spriteSourceSize":{"x":0,"y":0,"w":1,"h":3},"sourceSize":{"w":2,"h":3})").width == 2);
}

TEST_CASE("a sheet that was enlarged after its export is cut as it is now; another size is told") {
  const std::string json = R"({"frames":{"a":{"frame":{"x":4,"y":0,"w":4,"h":4},"trimmed":true,
      "spriteSourceSize":{"x":1,"y":2,"w":4,"h":4},"sourceSize":{"w":6,"h":6}}},"meta":{"size":{"w":8,"h":4}}})";
  std::vector<std::string> notes;
  const auto twice = sliced(numbered(16, 8), json, notes);
  REQUIRE(twice.size() == 1);
  CHECK(twice[0].image.width == 12);
  CHECK(shows(twice[0].image, 2, 4, 8, 0));
  CHECK(shows(twice[0].image, 9, 11, 15, 7));
  CHECK(notes.size() == 1);
  const auto other = sliced(numbered(17, 8), json, notes);
  CHECK(other[0].image.width == 6);
  REQUIRE(notes.size() == 2);
  CHECK(notes[1].find("17×8") != std::string::npos);
  // A frame beyond the size that is told: that size is wrong.
  notes.clear();
  const auto beyond =
      sliced(numbered(16, 8), R"({"frames":{"a":{"frame":{"x":8,"y":0,"w":8,"h":8}}},"meta":{"size":{"w":8,"h":4}}})", notes);
  REQUIRE(beyond.size() == 1);
  CHECK(beyond[0].image.width == 8);
  CHECK(notes.size() == 1);
  notes.clear();
  CHECK(sliced(numbered(16, 8), R"({"frames":{"a":{"frame":{"x":8,"y":0,"w":8,"h":8}}},"meta":{"size":{"w":16,"h":8}}})", notes)
            .size() == 1);
  CHECK(notes.empty());
}

TEST_CASE("line breaks in texts are read as spaces, and told with their place") {
  std::vector<std::string> notes;
  const auto sprites = sliced(numbered(16, 8), "{\"frames\": {\n\"a\nb\": {\"frame\":{\"x\":0,\"y\":0,\"w\":8,\"h\":8}}}}", notes);
  REQUIRE(sprites.size() == 1);
  CHECK(sprites[0].name == "a b");
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].find("line 2, column 3") != std::string::npos);
}

TEST_CASE("a tag that is written backwards is taken, and told") {
  std::vector<std::string> notes;
  const auto sprites =
      sliced(numbered(16, 8), R"({"frames":[{"frame":{"x":0,"y":0,"w":8,"h":8}},{"frame":{"x":8,"y":0,"w":8,"h":8}}],
      "meta":{"frameTags":[{"name":"run","from":1,"to":0}]}})",
             notes);
  REQUIRE(sprites.size() == 2);
  CHECK(sprites[0].class_name == "run");
  CHECK(sprites[1].class_name == "run");
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].find("“run”") != std::string::npos);
}

TEST_CASE("other files under the name of a sheet's JSON are called what they are") {
  const auto refusal = [](const std::string& text) { return error_of([&] { sliced(numbered(16, 8), text); }); };
  CHECK(refusal("version https://git-lfs.github.com/spec/v1\noid sha256:aa\n").message.find("Git LFS") != std::string::npos);
  CHECK(refusal("<!DOCTYPE html>\n<html></html>").message.find("a web page") != std::string::npos);
  CHECK(refusal(R"({"error": "no access"})").message.find("a server's answer") != std::string::npos);
}

TEST_CASE("whole numbers may be written as reals") {
  CHECK(sliced(numbered(16, 8), R"({"frames":{"a":{"frame":{"x":8.0,"y":0.0,"w":8.0,"h":8.0}}}})").size() == 1);
}

TEST_CASE("the sheet of a JSON file: beside it wherever it was exported, on Windows too, or the PNG of its name") {
  const TemporaryFolder scratch;
  write_png(scratch / "hero.png", numbered(8, 8));
  write_png(scratch / "sheet.png", numbered(8, 8));
  const auto found = [&](const std::string& meta, std::size_t notes_expected) {
    std::vector<std::string> notes;
    const JsonSheet sheet = read_sheet_json(R"({"frames":{},"meta":{)" + meta + "}}", "hero.json", notes).front();
    const auto path = sheet_image(scratch / "hero.json", sheet, notes);
    CHECK(notes.size() == notes_expected);
    return path.filename().string();
  };
  CHECK(found(R"("image":"sheet.png")", 0) == "sheet.png");
  CHECK(found(R"("image":"/home/kim/art/sheet.png")", 0) == "sheet.png");
  CHECK(found(R"("image":"C:\\\\art\\\\sheet.png")", 0) == "sheet.png");
  CHECK(found("", 1) == "hero.png");
  std::vector<std::string> notes;
  CHECK(error_of([&] { sheet_image(scratch / "other.json", {}, notes); }).code == ErrorCode::kUnsupported);
}

TEST_CASE("a frame that cannot be read is left out by name, key and number, and the others stay") {
  const std::string good = R"("good":{"frame":{"x":0,"y":0,"w":8,"h":8}})";
  const std::vector<std::pair<std::string, std::string>> bad = {
      {R"({"frame":{"x":-2,"y":0,"w":8,"h":8}})", "“bad”: “frame.x” is -2"},
      {R"({"frame":{"x":0,"y":4294967294,"w":8,"h":8}})", "“bad”: “frame.y” is 4294967294"},
      {R"({"frame":{"x":0.5,"y":0,"w":8,"h":8}})", "“bad”: “frame.x” is 0.5"},
      {R"({"frame":{"x":0,"y":0,"w":8}})", "“bad”: “frame.h” is missing"},
      {R"({"frame":{"x":0,"y":0,"w":8,"h":8},"trimmed":true})", "“bad”: “sourceSize” is missing"},
      {R"([0,0,8,8])", "“bad”: it is no object"},
      {R"({"frame":{"x":9,"y":0,"w":8,"h":8}})", "frame “bad” lies outside of the sheet"}};
  for (const auto& [frame, words] : bad) {
    CAPTURE(frame);
    std::vector<std::string> notes;
    CHECK(sliced(numbered(16, 8), R"({"frames":{"bad":)" + frame + "," + good + "}}", notes).size() == 1);
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].find(words) != std::string::npos);
    CHECK(error_of([&] { sliced(numbered(16, 8), R"({"frames":{"bad":)" + frame + "}}"); }).message.find("“bad”") !=
          std::string::npos);
  }
}

TEST_CASE("a frame that reaches out of its full size is told") {
  std::vector<std::string> notes;
  const auto sprites = sliced(numbered(16, 8), R"({"frames":{"arm":{"frame":{"x":0,"y":0,"w":4,"h":4},"trimmed":true,
    "spriteSourceSize":{"x":6,"y":0,"w":4,"h":4},"sourceSize":{"w":8,"h":8}}}})",
                              notes);
  CHECK(sprites.size() == 1);
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].find("“arm” reaches out") != std::string::npos);
}

TEST_CASE("several sheets in one file, rectangles by themselves, and frames without names") {
  const auto sprites = sliced(numbered(16, 8), R"({"textures":[
    {"image":"a.png","frames":[{"filename":"one","frame":{"x":0,"y":0,"w":8,"h":8}}]},
    {"image":"b.png","frames":[{"frame":{"x":8,"y":0,"w":8,"h":8}}]}],"meta":{}})");
  REQUIRE(sprites.size() == 2);
  CHECK(sprites[0].name == "one");
  CHECK(sprites[1].name == "0");
  CHECK(sprites[1].rect.x == 8);
  CHECK(sliced(numbered(16, 8), R"({"frames":{"a":{"x":8,"y":0,"w":8,"h":8}}})")[0].rect == Rect{8, 0, 8, 8});
  std::vector<std::string> notes;
  sliced(numbered(16, 8), R"({"frames":{"a":{"x":8,"y":0,"w":8,"h":8}},"meta":{"related_multi_packs":["s-1.json"]}})", notes);
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].find("s-1.json") != std::string::npos);
}

TEST_CASE("what is no JSON is told with its line, and what is in the way") {
  const auto refusal = [](const std::string& json) { return error_of([&] { sliced(numbered(16, 8), json); }); };
  CHECK(refusal("{\n\"frames\": {\n\"a\" 3}}").message.find("no JSON in line 3, column 5") != std::string::npos);
  CHECK(refusal("{\"frames\": {\n\"a").message.find("cut off in line 2") != std::string::npos);
  CHECK(refusal("{\"grün\": {\r\"ä\": 3,,}}").message.find("no JSON in line 2, column 8") != std::string::npos);
  CHECK(refusal("{\"frames\": {\"gr\xfcn\": 3}}").message.find("UTF-8") != std::string::npos);
  CHECK(refusal(R"({"tiles": []})").message.find("“frames” is missing") != std::string::npos);
  CHECK(refusal(R"({"tiles": []})").hint.find("give the size of its sprites") != std::string::npos);
  std::string many = R"({"frames":[0)";
  for (int i = 0; i < 1'100'000; ++i) many += ",0";
  CHECK(refusal(many + "]}").message.find("million") != std::string::npos);
}

TEST_CASE("JSON in UTF-16") {
  const std::string json = R"({"frames":{"ä":{"frame":{"x":0,"y":0,"w":8,"h":8}}}})";
  std::string wide = "\xff\xfe";
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '\xc3') continue;  // ä is the one letter that is no ASCII
    wide += json[i] == '\xa4' ? '\xe4' : json[i];
    wide += '\0';
  }
  REQUIRE(sliced(numbered(16, 8), wide).size() == 1);
  CHECK(sliced(numbered(16, 8), wide)[0].name == "ä");
}

TEST_CASE("what a tag's data says of class and animation is told; another's data is not taken for it") {
  const auto read = [](const std::string& data) {
    return sliced(numbered(16, 8), R"({"frames":[)" + frame_json(R"({"x":0,"y":0,"w":8,"h":8})") +
                                       R"(],"meta":{"frameTags":[{"name":"walk 2","from":0,"to":0)" + data + "}]}}")
        .at(0);
  };
  CHECK(read(R"(,"data":"animated=1;class=walk")").class_name == "walk");
  CHECK(read(R"(,"data":"animated=1;class=walk")").tag == "walk 2");
  CHECK(read(R"(,"data":"animated=1;class=walk")").animated == true);
  CHECK(read(R"(,"data":"animated=0")").class_name == "walk 2");
  CHECK(read(R"(,"data":"animated=0")").animated == false);
  for (const char* data : {"", R"(,"data":"loop twice")", R"(,"data":7)"}) {
    CHECK(read(data).class_name == "walk 2");
    CHECK(!read(data).animated);
  }
}
