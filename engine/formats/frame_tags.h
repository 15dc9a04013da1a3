#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kiln {

struct FrameTag {
  std::string name;
  std::size_t from = 0, to = 0;  // frames, both included
  std::string data = {};         // what the user wrote to it
};

// What our own data files say in a tag's user data: “animated=1;class=walker”.
struct TagData {
  bool animated = false;   // its frames are one animation; else they are different sprites of a class
  std::string class_name;  // empty: not told
};
std::string text_of(const TagData& data);
std::optional<TagData> read_tag_data(std::string_view text);  // none: the text is another's

// Whether the tag has any of so many frames. One that is written backwards is turned round, one that goes past the last frame ends
// there. A note tells of each, and of one that has no frame; of many, the first ones.
bool bring_into_range(FrameTag& tag, std::size_t frames, std::vector<std::string>& notes);

// Adds a note if tags share frames and neither lies within the other: what a frame of both is taken as.
void note_overlaps(std::vector<FrameTag> tags, std::vector<std::string>& notes);

// The tag of each frame, by the frames' names as Aseprite writes them (“knight 3.aseprite”, “cat (Head) 0.aseprite”): the innermost
// where tags lie in each other; empty where there is none. Where empty frames were left out, so that numbers from 0 have gaps, tags
// count those too. Tags of a sheet of several layers count each layer's frames, in whatever
// order they are listed, those of several files each file's. Where they do not tell which file they belong to, no frame has one,
// and a note says so; others say it where tags overlap, are written backwards or go past the last frame.
std::vector<std::string> tags_of_frames(const std::vector<std::string>& frames, std::vector<FrameTag> tags,
                                        std::vector<std::string>& notes);

}  // namespace kiln
