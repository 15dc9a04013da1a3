#include "engine/formats/frame_tags.h"

#include <doctest/doctest.h>

using namespace kiln;

namespace {

using Names = std::vector<std::string>;

Names numbered(const std::string& before, int count, const std::string& after = ".aseprite") {
  Names names;
  for (int i = 0; i < count; ++i) names.push_back(before + " " + std::to_string(i) + after);
  return names;
}

Names together(Names a, const Names& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

struct Tagged {
  Names names, notes;
};

Tagged tagged(const Names& frames, const std::vector<FrameTag>& tags) {
  Tagged result;
  result.names = tags_of_frames(frames, tags, result.notes);
  return result;
}

}  // namespace

TEST_CASE("the innermost tag names a frame") {
  CHECK(tagged(numbered("cat", 5), {{"day", 0, 4}, {"run", 1, 3}, {"jump", 2, 2}}).names ==
        Names{"day", "run", "jump", "run", "day"});
  CHECK(tagged(numbered("cat", 3), {{"jump", 2, 2}, {"day", 0, 2}}).names == Names{"day", "day", "jump"});
  CHECK(tagged(numbered("cat", 3), {{"run", 1, 100}}).names == Names{"", "run", "run"});
  CHECK(tagged({}, {{"run", 0, 0}}).names.empty());
}

TEST_CASE("tags that are written backwards or go past the last frame are told") {
  const auto past = tagged(numbered("cat", 3), {{"run", 1, 100}, {"sit", 3, 3}, {"lie", 0, 0}});
  CHECK(past.names == Names{"lie", "run", "run"});
  REQUIRE(past.notes.size() == 2);
  CHECK(past.notes[0] == "the tag “run” goes past the last frame, and ends there");
  CHECK(past.notes[1] == "the tag “sit” lies past the last frame, and is left out");
  const auto backwards = tagged(numbered("cat", 4), {{"run", 2, 1}, {"sit", 5, 3}});
  CHECK(backwards.names == Names{"", "run", "run", "sit"});
  CHECK(backwards.notes.size() == 3);
  // Of a sheet of several files, too.
  const auto second = tagged(together(numbered("knight", 3), numbered("slime", 2)), {{"walk", 1, 0}, {"hit", 2, 2}, {"hop", 0, 1}});
  CHECK(second.names == Names{"walk", "walk", "hit", "hop", "hop"});
  CHECK(second.notes.size() == 1);
}

TEST_CASE("tags count empty frames that were left out, by the numbers in the names") {
  // Of six frames, 2 and 4 were empty.
  const Names some = {"cat 0.aseprite", "cat 1.aseprite", "cat 3.aseprite", "cat 5.aseprite"};
  const auto gaps = tagged(some, {{"sit", 0, 1}, {"lie", 2, 2}, {"run", 3, 4}, {"jump", 5, 5}});
  CHECK(gaps.names == Names{"sit", "sit", "run", "jump"});
  CHECK(gaps.notes.empty());
  // Split into layers: the head has no frame 1, and both count to 3.
  const auto layers =
      tagged({"cat (Head) 0", "cat (Head) 2", "cat (Body) 0", "cat (Body) 1", "cat (Body) 2"}, {{"walk", 0, 1}, {"jump", 2, 2}});
  CHECK(layers.names == Names{"walk", "jump", "walk", "walk", "jump"});
  CHECK(layers.notes.empty());
  // Numbers from 1: it cannot be told whether a frame 0 is missing too.
  const auto unclear = tagged({"cat 1", "cat 3"}, {{"walk", 0, 0}, {"jump", 1, 1}});
  CHECK(unclear.names == Names{"walk", "jump"});
  CHECK(unclear.notes.size() == 1);
  CHECK(tagged({"cat 1", "cat 2"}, {{"walk", 0, 0}, {"jump", 1, 1}}).notes.empty());
  CHECK(tagged({"cat 2", "cat 1"}, {{"walk", 0, 0}, {"jump", 1, 1}}).names == Names{"walk", "jump"});  // as they are listed
}

TEST_CASE("tags count the frames of each layer where layers are split") {
  const auto frames = together(numbered("cat (Head)", 3), numbered("cat (Body)", 3));
  CHECK(tagged(frames, {{"walk", 0, 1}, {"jump", 2, 2}}).names == Names{"walk", "walk", "jump", "walk", "walk", "jump"});
}

TEST_CASE("layers may be listed frame by frame") {
  const Names frames = {"cat (Head) 0", "cat (Body) 0", "cat (Head) 1", "cat (Body) 1", "cat (Head) 2", "cat (Body) 2"};
  CHECK(tagged(frames, {{"walk", 0, 1}, {"jump", 2, 2}}).names == Names{"walk", "walk", "walk", "walk", "jump", "jump"});
}

TEST_CASE("what is taken where tags overlap is told; tags within each other are no overlap") {
  const auto overlap = tagged(numbered("cat", 6), {{"run", 0, 3}, {"jump", 2, 5}});
  CHECK(overlap.names == Names{"run", "run", "run", "run", "jump", "jump"});
  REQUIRE(overlap.notes.size() == 1);
  CHECK(overlap.notes[0].find("“run” and “jump”") != std::string::npos);
  const auto equal = tagged(numbered("cat", 2), {{"run", 0, 1}, {"jump", 0, 1}});
  CHECK(equal.names == Names{"run", "run"});
  CHECK(equal.notes.size() == 1);
  CHECK(tagged(numbered("cat", 6), {{"day", 0, 5}, {"run", 0, 2}, {"jump", 2, 2}, {"sit", 3, 5}}).notes.empty());
  CHECK(tagged(numbered("cat", 6), {{"day", 0, 2}, {"run", 3, 5}}).notes.empty());
}

TEST_CASE("tags count each file's frames where a sheet is of several files") {
  const auto frames = together(numbered("knight", 3), numbered("slime", 2));
  CHECK(tagged(frames, {{"walk", 0, 1}, {"hit", 2, 2}, {"hop", 0, 1}}).names == Names{"walk", "walk", "hit", "hop", "hop"});
  // The first has none: the tags' names tell.
  const auto second = tagged(frames, {{"slime_hop", 0, 1}});
  CHECK(second.names == Names{"", "", "", "slime_hop", "slime_hop"});
  CHECK(second.notes.empty());
}

TEST_CASE("tags that may belong to any of several files are not used, and a note says so") {
  const auto unclear = tagged(together(numbered("knight", 3), numbered("slime", 3)), {{"walk", 0, 1}});
  CHECK(unclear.names == Names(6));
  REQUIRE(unclear.notes.size() == 1);
  CHECK(unclear.notes[0].find("files") != std::string::npos);
}

TEST_CASE("names that say nothing of files leave tags as they count") {
  CHECK(tagged({"a", "b", "a", "b"}, {{"walk", 2, 3}}).names == Names{"", "", "walk", "walk"});
  CHECK(tagged({"", "", ""}, {{"walk", 1, 1}}).names == Names{"", "walk", ""});
}

TEST_CASE("a tag's data that this program wrote is read, whatever the class is called, and another's is not") {
  for (const std::string name : {"walker", "a;class=b", "animated=0", "knight, big"}) {
    for (const bool animated : {false, true}) {
      const auto data = read_tag_data(text_of(TagData{animated, name}));
      REQUIRE(data);
      CHECK(data->animated == animated);
      CHECK(data->class_name == name);
    }
  }
  REQUIRE(read_tag_data("animated=1"));
  CHECK(read_tag_data("animated=1")->class_name.empty());
  for (const char* text :
       {"", "loop", "animated", "animated=", "animated=2", "animated=yes", "animated=1 class=a", "class=a;animated=1"})
    CHECK(!read_tag_data(text));
}
